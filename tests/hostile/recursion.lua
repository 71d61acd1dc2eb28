-- a function that calls itself without an end
-- load: ran out of
-- asked: ran out of
local function deeper()
    deeper()
    return 1
end
deeper()
