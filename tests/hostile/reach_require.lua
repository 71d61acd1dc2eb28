-- other modules
-- load: unknown word `require`
-- asked: unknown word `require`
require "cjson"
