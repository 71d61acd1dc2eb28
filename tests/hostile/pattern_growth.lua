-- a replacement that grows with each match
-- load: asked for
-- asked: asked for
local _ = ('a'):rep(60000):gsub('a', ('b'):rep(60000))
