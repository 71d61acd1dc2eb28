-- a value to be closed whose closing never ends
-- load: variable 'x' got a non-closable value
-- asked: variable 'x' got a non-closable value
local x <close> = {}
