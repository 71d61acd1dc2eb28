-- many short strings
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, math.huge do
    t['k' .. i] = i
end
