-- long strings where numbers are wanted
-- load: ran out of
-- asked: ran out of
local s = ('1'):rep(60000)
while true do
    math.floor(s)
    math.max(s, s)
    select('#', s, s)
end
