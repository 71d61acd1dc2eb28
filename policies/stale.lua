-- Rejects invitations that nobody answered for a while: six hours, unless you say otherwise.
--
--   policy "policies/stale.lua" { after = "6h" }
--
-- An offer that nobody wanted by then will not be missed, and cannot be accepted by mistake any more. Most invitations
-- at AWS end by themselves after 12 hours, all after 7 days: a longer `after` is never reached there. To spare some
-- senders, load a policy that keeps them beside this one, such as unknown-senders.lua.

local p = params { after = "6h" }

reject "unanswered" { older (p.after), reason = "nobody answered for {age}" }
