-- every byte of a long string as a value
-- load: ran out of steps
-- asked: ran out of steps
local s = ('a'):rep(60000)
while true do
    s:byte(1, -1)
end
