-- nothing but garbage, beside a heap that is nearly full
-- load: ran out of
-- asked: ran out of
local kept = {}
for i = 1, 60000 do
    kept[i] = { i }
end
while true do
    local _ = { 1, 2, 3, 4 }
end
