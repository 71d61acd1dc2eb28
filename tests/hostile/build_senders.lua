-- the same senders under many names
-- load: ran out of or asked for
local t = {}
for i = 1, 20000 do
    t[i] = ('1%011d'):format(i)
end
for i = 1, 500 do
    reject('r' .. i)(sender(t))
end
