-- long strings read as numbers
-- load: ran out of
-- asked: ran out of
local s = ('z'):rep(60000)
while true do
    tonumber(s, 36)
    tonumber(s)
end
