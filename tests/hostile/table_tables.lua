-- a table of tables that only grows
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, math.huge do
    t[i] = {}
end
