-- a long run of bytes that begin nothing
-- load: ran out of
-- asked: ran out of
local s = 'a' .. ('\x80'):rep(60000)
local step = utf8.codes(s, true)
while true do
    step(s, 1)
end
