-- an address
-- load: an address differs from run to run
-- asked: an address differs from run to run
local _ = ('%p'):format({})
