-- a plain search that nearly matches everywhere
-- load: ran out of
-- asked: ran out of
local s, t = ('a'):rep(60000), ('a'):rep(30000) .. 'b'
while true do
    s:find(t, 1, true)
end
