-- captures of every position
-- load: ran out of steps
-- asked: ran out of steps
local s = ('a'):rep(60000)
while true do
    s:gsub('()', '%1')
end
