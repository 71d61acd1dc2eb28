-- the methods of every string, changed
-- load: cannot change the library's rep
-- asked: assigns to `string`, which is outside it
local methods = ('').rep
string.rep = function() return 'x' end
local _ = methods
