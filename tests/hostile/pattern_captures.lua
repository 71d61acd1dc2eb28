-- more captures than there may be
-- load: more than 32 captures
-- asked: more than 32 captures
local _ = ('a'):find(('('):rep(40))
