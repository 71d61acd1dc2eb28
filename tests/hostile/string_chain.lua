-- long strings joined again and again
-- load: ran out of steps
-- asked: ran out of steps
local s = ('x'):rep(30000)
while true do
    local t = s .. s
end
