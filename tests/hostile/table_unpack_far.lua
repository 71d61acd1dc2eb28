-- a hundred million values at once
-- load: ran out of
-- asked: ran out of
local _ = table.unpack({}, 1, 1e8)
