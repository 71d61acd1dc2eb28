-- a replacement that grows with each match
-- load: ran out of or asked for
-- asked: ran out of or asked for
local _ = ('a'):rep(60000):gsub('a', ('b'):rep(60000))
