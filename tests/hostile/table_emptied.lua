-- a large table that holds nothing any more
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 60000 do
    t[-i] = i
end
for i = 1, 60000 do
    t[-i] = nil
end
while true do
    next(t)
end
