-- a chain of tables
-- load: ran out of or asked for
-- asked: ran out of or asked for
local t = {}
while true do
    t = { t }
end
