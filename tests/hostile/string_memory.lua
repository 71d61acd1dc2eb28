-- long strings that are all kept
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t, s = {}, ('x'):rep(60000)
for i = 1, math.huge do
    t[i] = s .. i
end
