-- remainders that take long
-- load: ran out of
-- asked: ran out of
while true do
    math.fmod(1e308, 3e-308)
end
