-- a loop whose step is too small to get anywhere
-- load: ran out of steps
-- asked: ran out of steps
for x = 1e17, 2e17, 1 do
    local y = x
end
