-- the library, changed for everybody
-- load: cannot change the library's floor
-- asked: assigns to `math`, which is outside it
math.floor = function() return 0 end
