-- an error whose description never ends
-- load: unknown word `setmetatable`
-- asked: unknown word `setmetatable`
error(setmetatable({}, { __tostring = function() while true do end end }))
