-- a chain of tables
-- load: ran out of
-- asked: ran out of
local t = {}
while true do
    t = { t }
end
