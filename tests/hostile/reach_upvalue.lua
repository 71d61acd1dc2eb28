-- a table that outlives the call
-- load: cannot be changed inside it
local seen = {}
reject 'count' (function(inv)
    table.insert(seen, inv.id)
    return #seen > 3
end)
