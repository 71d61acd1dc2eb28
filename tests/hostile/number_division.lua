-- a whole number divided by zero
-- load: attempt to divide by zero
-- asked: attempt to divide by zero
local zero = 0
local _ = 1 // zero
