-- captures of every position
-- load: ran out of
-- asked: ran out of
local s = ('a'):rep(60000)
while true do
    s:gsub('()', '')
end
