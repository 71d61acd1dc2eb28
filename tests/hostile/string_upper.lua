-- a long string in capitals
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(60000)
while true do
    s:upper()
    s:lower()
    s:reverse()
end
