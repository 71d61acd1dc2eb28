-- a whole number divided by zero
-- load: attempt to perform 'n//0'
-- asked: attempt to perform 'n//0'
local zero = 0
local _ = 1 // zero
