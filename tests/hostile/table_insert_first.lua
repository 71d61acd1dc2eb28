-- items inserted before all others
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, math.huge do
    table.insert(t, 1, i)
end
