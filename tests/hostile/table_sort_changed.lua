-- a table that is changed while it is sorted
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t = {}
for i = 1, 1000 do
    t[i] = i
end
while true do
    table.sort(t, function(a, b)
        t[#t + 1] = 1
        return a < b
    end)
end
