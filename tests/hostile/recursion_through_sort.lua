-- an order that sorts by itself
-- load: C stack overflow
-- asked: C stack overflow
local function order()
    table.sort({ 1, 2 }, order)
end
order()
