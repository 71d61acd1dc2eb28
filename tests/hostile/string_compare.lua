-- long strings that differ in their last byte
-- load: ran out of
-- asked: ran out of
local a, b = ('x'):rep(60000) .. 'a', ('x'):rep(60000) .. 'b'
while a < b do
end
