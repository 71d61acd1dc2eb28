-- Rejects what comes from senders whose invitations you turned away several times: three in a month, unless you say so.
--
--   policy "policies/repeat-offenders.lua" { times = 3, within = "30d" }
--
-- It never starts: another policy has to reject a sender's invitations first, such as stale.lua once they are old. From
-- then on this one turns away the next at once. What counts are rejections that the journal knows to have worked; what
-- a plan or an observing rule would have rejected does not. Until the journal is as old as `within`, it cannot know of
-- everybody, and reports whom it does not know as undecided.

local p = params { times = 3, within = "30d" }

reject "repeat offender" {
    rejected_before { times = p.times, within = p.within },
    reason = "{sender} was turned away " .. p.times .. " times or more within " .. p.within,
}
