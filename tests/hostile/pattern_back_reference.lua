-- a long capture that is compared again and again
-- load: ran out of
-- asked: ran out of
local _ = ('a'):rep(60000):find('(.-)%1b')
