-- an error of sixty thousand letters
-- load: xxxx
-- asked: xxxx
error(('x'):rep(60000))
