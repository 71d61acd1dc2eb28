-- a set of sixty thousand characters
-- load: ran out of
-- asked: ran out of
local _ = ('a'):rep(60000):gsub('[b' .. ('x'):rep(60000) .. ']', '')
