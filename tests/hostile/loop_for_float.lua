-- a loop whose step is too small to get anywhere
-- load: ran out of
-- asked: ran out of
for x = 1e17, 2e17, 1 do
    local y = x
end
