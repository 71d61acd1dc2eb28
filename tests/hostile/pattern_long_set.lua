-- a set of sixty thousand characters
-- load: ran out of steps
-- asked: ran out of steps
local _ = ('a'):rep(60000):gsub('[b' .. ('x'):rep(60000) .. ']', '')
