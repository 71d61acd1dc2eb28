-- a loop with more turns than anybody waits for
-- load: ran out of
-- asked: ran out of
for i = 1, math.maxinteger do
    local square = i * i
end
