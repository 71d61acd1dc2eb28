-- a function that passes ever more on
-- load: ran out of or asked for
-- asked: ran out of or asked for
local function pass(...)
    return pass(1, 2, 3, 4, 5, 6, 7, 8, ...)
end
pass()
