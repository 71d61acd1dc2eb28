-- a border that is looked for with a long set
-- load: ran out of steps
-- asked: ran out of steps
local _ = ('a'):rep(60000):find('%f[' .. ('b'):rep(60000) .. ']')
