-- an error that blames somebody far away
-- load: far
-- asked: far
error('far', 1 << 40)
