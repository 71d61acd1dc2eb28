-- the methods of every string, changed
-- load: cannot change the library's rep
-- asked: cannot change the library's rep
local methods = ('').rep
string.rep = function() return 'x' end
local _ = methods
