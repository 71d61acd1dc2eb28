-- a pattern of letters that may be left out
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(30)
local _ = s:match(('a?'):rep(30) .. ('a'):rep(30))
