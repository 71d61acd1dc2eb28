-- a table moved far beyond its end
-- load: ran out of steps
-- asked: ran out of steps
table.move({}, 1, 1 << 60, 2)
