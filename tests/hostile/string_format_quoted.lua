-- a long string in quotes
-- load: ran out of steps
-- asked: ran out of steps
local s = ('\0'):rep(15000)
while true do
    ('%q'):format(s)
end
