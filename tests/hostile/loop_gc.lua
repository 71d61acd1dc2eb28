-- a finaliser that never ends
-- load: unknown word `setmetatable`
-- asked: unknown word `setmetatable`
setmetatable({}, { __gc = function() while true do end end })
