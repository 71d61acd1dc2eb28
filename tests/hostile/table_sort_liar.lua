-- an order in which everything comes first
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 20000 do
    t[i] = i
end
while true do
    table.sort(t, function() return true end)
end
