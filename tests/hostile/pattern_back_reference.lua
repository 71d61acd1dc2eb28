-- a long capture that is compared again and again
-- load: ran out of steps
-- asked: ran out of steps
local _ = ('a'):rep(60000):find('(.-)%1b')
