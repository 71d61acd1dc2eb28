-- a pattern that tries everything
-- load: ran out of steps
-- asked: ran out of steps
local s = ('a'):rep(400)
local _ = s:find('.-.-.-.-b')
