-- a long string in capitals
-- load: ran out of steps
-- asked: ran out of steps
local s = ('a'):rep(60000)
while true do
    s:upper()
    s:lower()
    s:reverse()
end
