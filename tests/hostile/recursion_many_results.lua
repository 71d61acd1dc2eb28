-- a function that gives ever more results
-- load: ran out of or asked for
-- asked: ran out of or asked for
local function pile(n)
    if n == 0 then
        return
    end
    return 1, pile(n - 1)
end
while true do
    pile(60000)
end
