-- items removed before all others
-- load: ran out of steps
-- asked: ran out of steps
local t = {}
for i = 1, 60000 do
    t[i] = i
end
for _ = 1, 60000 do
    table.remove(t, 1)
end
