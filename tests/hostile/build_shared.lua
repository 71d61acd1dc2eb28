-- a condition in which each part stands twice
-- load: loads
local c = older '1h'
for _ = 1, 98 do
    c = c & c
end
reject 'all the same' (c & name 'go')
