-- the library, changed for everybody
-- load: cannot change the library's floor
-- asked: cannot change the library's floor
math.floor = function() return 0 end
