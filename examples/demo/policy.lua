-- What the company of the demo turns away: advertising and tricks at once, and whatever nobody answered in six hours.
local ours = { "111122223333", "444455556666", "012345678901", "2222333344445555" }

keep   "our own accounts"  (sender (ours))
keep   "partner Northwind" (sender "210987654321")

reject "advertising"       { name { "*promo*", "*free*" }, reason = "{sender} advertises" }
reject "unanswered"        { older "6h", reason = "nobody answered for {age}" }
reject "made to deceive"   (function (inv)
    -- Control characters can clear a terminal; U+202E turns "exe.png" round.
    return inv.name:find("%c") ~= nil or inv.name:find("\u{202E}", 1, true) ~= nil
end)
