-- the environment itself
-- load: _ENV is not there
-- asked: _ENV is not there
local _ENV = {}
