-- long strings that are all kept
-- load: asked for memory
-- asked: asked for memory
local t, s = {}, ('x'):rep(60000)
for i = 1, math.huge do
    t[i] = s .. i
end
