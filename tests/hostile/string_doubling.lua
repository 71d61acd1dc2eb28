-- a string that doubles
-- load: asked for a string that is too long
-- asked: asked for a string that is too long
local s = 'x'
while true do
    s = s .. s
end
