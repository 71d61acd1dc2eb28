-- a border that is looked for with a long set
-- load: ran out of
-- asked: ran out of
local _ = ('a'):rep(60000):find('%f[' .. ('b'):rep(60000) .. ']')
