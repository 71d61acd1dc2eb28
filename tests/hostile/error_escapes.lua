-- an error that paints the terminal
-- load: a b [31m
-- asked: a b [31m
error('a\nb\27[31m\7')
