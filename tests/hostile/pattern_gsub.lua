-- a replacement that is looked for everywhere
-- load: ran out of
-- asked: ran out of
local _ = ('a'):rep(60000):gsub('.-b', '')
