-- an iterator that is kept from call to call
-- load: holds the iterator
local step = ('a b c'):gmatch('%a')
reject 'kept' (function(inv) return step() == inv.name end)
