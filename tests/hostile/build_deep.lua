-- conditions nested without an end
-- load: nest more than 100 deep
local c = always
while true do
    c = ~c
end
