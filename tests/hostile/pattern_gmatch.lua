-- a pattern that is walked through and never matches
-- load: ran out of steps
-- asked: ran out of steps
for _ in ('a'):rep(60000):gmatch('(.-)(.-)b') do
end
