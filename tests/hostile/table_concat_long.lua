-- a table joined to something huge
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t = {}
for i = 1, 3000 do
    t[i] = ('x'):rep(60000)
end
local _ = table.concat(t)
