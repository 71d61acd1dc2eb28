-- the length of a table full of holes
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 20 do
    t[1 << i] = i
end
while true do
    local _ = #t
end
