-- a long string in quotes
-- load: ran out of
-- asked: ran out of
local s = ('\0'):rep(15000)
while true do
    ('%q'):format(s)
end
