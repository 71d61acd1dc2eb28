-- a length that does not fit into a number
-- load: would make more than 64 KiB
-- asked: would make more than 64 KiB
local _ = ('xx'):rep((1 << 63) - 1, 'yy')
