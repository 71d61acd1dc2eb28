-- a function that calls itself without an end
-- load: ran out of or asked for
-- asked: ran out of or asked for
local function deeper()
    deeper()
    return 1
end
deeper()
