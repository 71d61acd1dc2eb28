-- The same, but a plain function looks at sender and age.

local p = params { senders = required "the trusted account ids" }

local trusted = {}
for _, id in ipairs(p.senders) do
    trusted[id] = true
end

reject "name" (name (list "globs.txt"))
reject "stranger or a week old" (function(inv)
    return not trusted[inv.sender] or inv.age >= 7 * 86400
end)
