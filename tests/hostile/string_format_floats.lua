-- many numbers with many digits
-- load: ran out of
-- asked: ran out of
local t = {}
for i = 1, 150 do
    t[i] = 1e308
end
while true do
    ('%99.99f'):rep(150):format(table.unpack(t))
end
