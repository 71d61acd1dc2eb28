-- a replacement that is looked for everywhere
-- load: ran out of steps
-- asked: ran out of steps
local _ = ('a'):rep(60000):gsub('.-b', '')
