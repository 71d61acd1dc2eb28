-- a table that outlives the call
-- load: cannot be changed inside it
local seen = {}
reject 'count' (function(inv)
    seen[#seen + 1] = inv.id
    return #seen > 3
end)
