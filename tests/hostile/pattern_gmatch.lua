-- a pattern that is walked through and never matches
-- load: ran out of
-- asked: ran out of
for _ in ('a'):rep(60000):gmatch('(.-)(.-)b') do
end
