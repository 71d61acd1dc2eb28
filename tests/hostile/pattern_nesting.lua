-- a pattern that takes the stack of the host
-- load: pattern is too complex
-- asked: pattern is too complex
local _ = ('a'):rep(400):find(('a-'):rep(300))
