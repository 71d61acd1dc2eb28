-- parameters without an end
-- load: ran out of or asked for
local p = {}
for i = 1, 50000 do
    p['k' .. i] = 'x'
end
params(p)
