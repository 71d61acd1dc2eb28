-- many short strings
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t = {}
for i = 1, math.huge do
    t['k' .. i] = i
end
