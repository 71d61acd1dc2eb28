-- a large table put in order, again and again
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 20000 do
    t['k' .. i] = i
end
while true do
    pairs(t)
end
