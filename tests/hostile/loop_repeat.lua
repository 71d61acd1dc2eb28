-- a loop that asks a function of its own
-- load: ran out of steps
-- asked: ran out of steps
local function never()
    return false
end
repeat until never()
