-- a pattern with many stars
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(3000)
local _ = s:find('a*a*a*a*a*b')
