-- numbers written out
-- load: ran out of
-- asked: ran out of
while true do
    local _ = 1.1e300 .. 1.2e-300 .. 1.3e200 .. 1.4e-200 .. ''
end
