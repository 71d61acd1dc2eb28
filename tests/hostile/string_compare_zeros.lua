-- long strings of zeros, compared by the C library piece by piece
-- load: ran out of
-- asked: ran out of
local a, b = ('\0'):rep(60000) .. 'a', ('\0'):rep(60000) .. 'b'
while a < b do
end
