-- a table moved far beyond its end
-- load: ran out of
-- asked: ran out of
table.move({}, 1, 1 << 60, 2)
