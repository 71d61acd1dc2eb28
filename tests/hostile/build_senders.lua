-- the same senders under many names
-- load: ran out of or asked for
local t = {}
for i = 1, 20000 do
    t[i] = tostring(100000000000 + i)
end
for i = 1, 500 do
    reject('r' .. i)(sender(t))
end
