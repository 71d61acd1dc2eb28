-- the least whole number, modulo zero
-- load: attempt to perform 'n%0'
-- asked: attempt to perform 'n%0'
local zero = 0
local _ = math.mininteger % zero
