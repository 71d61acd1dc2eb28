-- a log that is filled
-- load: ran out of
-- asked: ran out of
while true do
    print(('x'):rep(60000))
end
