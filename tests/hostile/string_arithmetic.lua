-- a long string that is added to
-- load: cannot
-- asked: cannot
local s = ('1'):rep(60000)
while true do
    local _ = s + 0
end
