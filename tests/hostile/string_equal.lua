-- long strings that are equal but not the same
-- load: ran out of
-- asked: ran out of
local a = ('x'):rep(60000)
local b = ('x'):rep(59999) .. 'x'
while a == b do
end
