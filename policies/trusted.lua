-- Rejects nothing itself: keeps what comes from accounts that you trust, whatever the policies beside it say.
--
--   policy "policies/trusted.lua" { trusted = { "111122223333" } }
--
-- Most policies here judge an invitation by what it looks like, not by who sent it: a late evening, an old date, an
-- odd name. Load this one beside them, so that they never turn away a friend. (unknown-senders.lua and allow-list.lua
-- keep their own friends, and reject everybody else.)

local p = params { trusted = required "the account ids that are never turned away" }

keep "trusted sender" { sender (p.trusted), reason = "{sender} is trusted" }
