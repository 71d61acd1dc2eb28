-- Rejects what strangers offer and nobody accepted; never touches what our own accounts offer.

local p = params {
    ours = required "our own account ids",
    after = "6h",
}

keep   "our own accounts" (sender (p.ours))

reject "unanswered"       { older (p.after), reason = "{sender} is not one of ours, {age} old" }
