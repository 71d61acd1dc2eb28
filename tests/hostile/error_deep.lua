-- an error in the depth of many calls
-- load: in the depth
-- asked: in the depth
local function deep(n)
    if n == 0 then
        error 'in the depth'
    end
    deep(n - 1)
    return n
end
deep(150)
