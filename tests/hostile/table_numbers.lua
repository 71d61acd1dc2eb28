-- a table that only grows
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, math.huge do
    t[i] = i
end
