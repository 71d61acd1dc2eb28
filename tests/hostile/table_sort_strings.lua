-- long strings sorted
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 200 do
    t[i] = ('x'):rep(60000) .. i
end
while true do
    table.sort(t)
end
