-- items inserted before all others
-- load: ran out of steps
-- asked: ran out of steps
local t = {}
for i = 1, math.huge do
    table.insert(t, 1, i)
end
