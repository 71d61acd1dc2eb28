-- more conditions than a policy may have
-- load: at most 20000 conditions or ran out of
for _ = 1, math.huge do
    local _ = always & always
end
