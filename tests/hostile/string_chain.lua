-- long strings joined again and again
-- load: ran out of
-- asked: ran out of
local s = ('x'):rep(30000)
while true do
    local t = s .. s
end
