-- a function that calls itself through the host
-- load: C stack overflow
-- asked: C stack overflow
local function deeper(s)
    return (s:gsub('.', deeper))
end
deeper('x')
