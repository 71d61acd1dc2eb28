-- remainders that take long
-- load: ran out of steps
-- asked: ran out of steps
while true do
    math.fmod(1e308, 3e-308)
end
