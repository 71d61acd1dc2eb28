-- functions that hold functions
-- load: ran out of or asked for
-- asked: ran out of or asked for
local function f() end
while true do
    f = (function(g) return function() g() end end)(f)
end
