-- a chain of look-ups
-- load: unknown word `setmetatable`
-- asked: unknown word `setmetatable`
local t = {}
for _ = 1, 1000 do
    t = setmetatable({}, { __index = t })
end
local _ = t.x
