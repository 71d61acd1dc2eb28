-- long strings read as numbers
-- load: ran out of steps
-- asked: ran out of steps
local s = ('z'):rep(60000)
while true do
    tonumber(s, 36)
    tonumber(s)
end
