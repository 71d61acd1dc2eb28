-- functions that each take nearly all steps
-- load: ran out of or asked for
for i = 1, 1900 do
    reject('r' .. i)(function(inv)
        local n = 0
        for k = 1, 90000 do
            n = n + k
        end
        return n == 0 and inv.id == 'x'
    end)
end
