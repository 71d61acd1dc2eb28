-- tables in tables that a function holds
-- load: nest too deep
local t = {}
for _ = 1, 40000 do
    t = { t }
end
reject 'held' (function() return t == nil end)
