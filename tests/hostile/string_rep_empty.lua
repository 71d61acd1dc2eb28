-- nothing, repeated for ever
-- load: would make more than 64 KiB
-- asked: would make more than 64 KiB
local _ = (''):rep(1 << 60)
local _ = ('x'):rep(1 << 60)
