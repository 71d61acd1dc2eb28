-- a table joined far beyond its end
-- load: invalid value
-- asked: invalid value
local _ = table.concat({}, '', 1, 1 << 60)
