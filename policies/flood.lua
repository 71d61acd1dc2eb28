-- Rejects what comes from senders who send a lot: ten invitations a day, unless you say otherwise.
--
--   policy "policies/flood.lua" { times = 10, within = "1d" }
--
-- Twenty invitations are harder to read than two, which may be the point of sending twenty. Every invitation that
-- earlier sweeps listed counts, whatever became of it. The first sweep that meets a flood only takes note, the next
-- one acts. A colleague's script sends a lot, too: load trusted.lua beside it.

local p = params { times = 10, within = "1d" }

reject "flood" {
    seen_before { times = p.times, within = p.within },
    reason = "{sender} sent " .. p.times .. " others or more within " .. p.within,
}
