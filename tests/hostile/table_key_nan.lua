-- a key that is not a number
-- load: index is NaN
-- asked: index is NaN
local t = {}
t[0 / 0] = 1
