-- a long text counted
-- load: ran out of
-- asked: ran out of
local s = ('\xC3\xA9'):rep(30000)
while true do
    utf8.len(s)
end
