-- a function that gives ever more results
-- load: ran out of
-- asked: ran out of
local function pile(n)
    if n == 0 then
        return
    end
    return 1, pile(n - 1)
end
while true do
    pile(60000)
end
