-- Rejects every invitation from an account that is not one of yours.
--
--   policy "policies/unknown-senders.lua" { trusted = { "111122223333" }, grace = "2h" }
--
-- `trusted` are the accounts that may invite you; no other policy rejects them either. `grace` leaves a stranger's
-- invitation pending for so long, so that a person can accept a welcome one first.

local p = params {
    trusted = required "the account ids that may invite you",
    grace = "", -- none: strangers go at once
}

keep "trusted sender" (sender (p.trusted))

local waited = always
if p.grace ~= "" then
    waited = older (p.grace)
end

reject "unknown sender" { waited, reason = "{sender} is not a trusted sender" }
