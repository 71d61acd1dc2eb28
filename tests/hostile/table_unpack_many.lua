-- many values passed on again and again
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 60000 do
    t[i] = i
end
local function nothing() end
local function pass(...)
    while true do
        nothing(...)
    end
end
pass(table.unpack(t))
