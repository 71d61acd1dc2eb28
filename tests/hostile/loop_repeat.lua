-- a loop that asks a function of its own
-- load: ran out of
-- asked: ran out of
local function never()
    return false
end
repeat until never()
