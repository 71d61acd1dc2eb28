-- a table that grows while it is walked
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t = { a = 1 }
while true do
    for k in pairs(t) do
        t[k .. 'x'] = 1
    end
end
