-- brackets that never balance
-- load: ran out of
-- asked: ran out of
local _ = ('('):rep(60000):find('%b()')
