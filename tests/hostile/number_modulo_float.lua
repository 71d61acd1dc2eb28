-- remainders of what is far apart
-- load: ran out of
-- asked: ran out of
local x = 1e308
while true do
    local _ = x % 3e-308
end
