-- a field of a string set
-- load: attempt to index a string value
-- asked: attempt to index a string value
local s = 'x'
s.field = 1
