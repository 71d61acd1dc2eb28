-- many coroutines, each with a count of its own
-- load: unknown word `coroutine`
-- asked: unknown word `coroutine`
for _ = 1, 1e6 do
    coroutine.wrap(function() for _ = 1, 600 do end end)()
end
