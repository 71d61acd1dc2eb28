-- items removed before all others
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 60000 do
    t[i] = i
end
for _ = 1, 60000 do
    table.remove(t, 1)
end
