-- a field of a string set
-- load: cannot
-- asked: cannot
local s = 'x'
s.field = 1
