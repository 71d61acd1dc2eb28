-- many globs of many stars
-- load: ran out of or asked for
local t = {}
for i = 1, math.huge do
    t[i] = ('*a?b'):rep(200) .. i
    reject('r' .. i)(name(t))
end
