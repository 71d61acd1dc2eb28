-- regular expressions without an end
-- load: at most 2000 rules or ran out of
for i = 1, math.huge do
    reject('r' .. i)(name_regex('(?i)a.*b' .. i))
end
