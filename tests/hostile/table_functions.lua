-- functions that hold functions
-- load: ran out of
-- asked: ran out of
local function f() end
while true do
    f = (function(g) return function() g() end end)(f)
end
