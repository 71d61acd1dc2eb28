-- every byte of a long string as a value
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(60000)
while true do
    s:byte(1, -1)
end
