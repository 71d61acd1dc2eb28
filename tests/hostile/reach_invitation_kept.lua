-- the invitation, kept for later
-- load: assigns to
local kept
reject 'kept' (function(inv)
    kept = inv
    return kept ~= nil
end)
