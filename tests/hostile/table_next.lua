-- a large table walked from its start, again and again
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 60000 do
    t[i] = i
end
while true do
    next(t)
end
