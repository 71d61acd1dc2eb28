-- a pattern that tries everything
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(400)
local _ = s:find('.-.-.-.-b')
