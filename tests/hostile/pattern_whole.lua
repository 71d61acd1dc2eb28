-- a replacement that is made of the match, many times over
-- load: ran out of or asked for
-- asked: ran out of or asked for
local s = ('a'):rep(60000)
local _ = s:gsub('.*', ('%0'):rep(30000))
