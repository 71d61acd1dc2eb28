-- brackets that never balance
-- load: ran out of steps
-- asked: ran out of steps
local _ = ('('):rep(60000):find('%b()')
