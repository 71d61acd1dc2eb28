-- a loop with more turns than anybody waits for
-- load: ran out of steps
-- asked: ran out of steps
for i = 1, math.maxinteger do
    local square = i * i
end
