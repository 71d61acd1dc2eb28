-- a replacement that is made of the match, many times over
-- load: asked for
-- asked: asked for
local s = ('a'):rep(60000)
local _ = s:gsub('.*', ('%0'):rep(30000))
