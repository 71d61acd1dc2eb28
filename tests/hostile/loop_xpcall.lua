-- a loop in the handler of its own error
-- load: unknown word `xpcall`
-- asked: unknown word `xpcall`
xpcall(error, function() while true do end end)
