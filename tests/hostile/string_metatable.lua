-- the metatable of every string
-- load: unknown word `getmetatable`
-- asked: unknown word `getmetatable`
getmetatable('').__index = function() return error end
