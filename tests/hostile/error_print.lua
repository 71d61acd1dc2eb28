-- a log that is filled
-- load: ran out of steps
-- asked: ran out of steps
while true do
    print(('x'):rep(60000))
end
