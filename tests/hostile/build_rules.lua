-- more rules than a policy may have
-- load: at most 2000 rules or ran out of
for i = 1, math.huge do
    reject('r' .. i)(always)
end
