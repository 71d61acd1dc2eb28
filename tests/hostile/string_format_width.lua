-- a number with a hundred thousand digits
-- load: invalid conversion
-- asked: invalid conversion
local _ = ('%99999d'):format(1)
