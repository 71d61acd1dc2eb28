-- What a sender did before counts where our own acting sweeps saw or rejected it, and nowhere else.
local program = require "program"
local test = program.test

local PLAN <const> = "plan --format json"
local APPLY <const> = "-c spurn.lua apply --yes --format json"
local SENDER <const>, OTHER <const> = "999999999999", "888888888888"

local function set_up(t, invitations, policy)
    local emulator = t:emulator(program.aws(invitations))
    t:folder {
        ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"\nlimits { percent = 100 }'),
        ["policy.lua"] = policy,
    }
    return emulator
end

local function send(emulator, invitations)
    local more = program.aws(invitations)
    more.accounts[1].keys = nil -- the emulator has them
    emulator.add(more)
end

local function apply(t, code)
    local result = t:spurn(APPLY)
    t:ended(result, code or 0)
    local rows = {}
    for _, row in ipairs(result.json.decisions) do
        rows[row.name] = row
    end
    return rows, result
end

local REPEATERS_GO <const> = [[
reject "promotional"     (name "promo*")
reject "repeat offender" (rejected_before { times = 2, within = "30d" })
]]

test "whoever was rejected twice is rejected for it the third time" (function(t)
    local emulator = set_up(t, { { sender = SENDER, name = "promo 1" }, { sender = SENDER, name = "quiet 1" } },
        REPEATERS_GO)
    local rows = apply(t)
    t:equal(rows["promo 1"].outcome, "rejected")
    t:equal(rows["quiet 1"].outcome, nil)
    send(emulator, { { sender = SENDER, name = "promo 2" } })
    rows = apply(t)
    t:equal(rows["promo 2"].outcome, "rejected")
    t:equal(rows["quiet 1"].outcome, nil, "what this very sweep rejects does not count yet")
    send(emulator, { { sender = SENDER, name = "quiet 2" }, { sender = OTHER, name = "quiet 3" } })
    rows = apply(t)
    t:equal(rows["quiet 1"].outcome, "rejected")
    t:equal(rows["quiet 1"].rule, "repeat offender")
    t:equal(rows["quiet 2"].outcome, "rejected")
    t:equal(rows["quiet 3"].outcome, nil)
    t:equal(#program.rejections(emulator), 4)
    t:ended(t:spurn("verify"), 0)
end)

test "a journal younger than the question knows no answer" (function(t)
    set_up(t, { { sender = SENDER, name = "quiet" } },
        'reject "new here" (~rejected_before { times = 1, within = "30d" })\n')
    for _ = 1, 2 do
        local rows = apply(t)
        t:equal(rows.quiet.verdict, "undecided")
    end
    -- As if the first sweep had been a month and a day ago.
    t:sql "UPDATE sweep SET started_ms = started_ms - 31 * 86400000 WHERE id = 1"
    t:sql "UPDATE run SET started_ms = started_ms - 31 * 86400000 WHERE id = 1"
    local rows = apply(t)
    t:equal(rows.quiet.verdict, "reject")
end)

test "a plan is not remembered, and asks what is" (function(t)
    local emulator = set_up(t, { { sender = SENDER, name = "a" }, { sender = SENDER, name = "b" } },
        'reject "known" (seen_before { times = 1, within = "30d" })\n')
    for _ = 1, 3 do
        local plan = t:spurn(PLAN)
        t:ended(plan, 0)
        t:equal(plan.json.summary.reject, 0)
    end
    apply(t)
    t:equal(#program.rejections(emulator), 0)
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    t:equal(plan.json.summary.reject, 2)
    plan = t:spurn(PLAN .. " --now 2020-01-01T00:00:00Z")
    t:ended(plan, 0)
    t:equal(plan.json.summary.reject, 0, "nothing was known then")
    apply(t)
    t:equal(#program.rejections(emulator), 2)
end)

test "an invitation is no past of its own" (function(t)
    local emulator = set_up(t, { { sender = SENDER, name = "alone" } },
        'reject "known" (seen_before { times = 1, within = "30d" })\n')
    for _ = 1, 3 do
        apply(t)
    end
    t:equal(#program.rejections(emulator), 0)
    send(emulator, { { sender = SENDER, name = "second" } })
    local rows = apply(t)
    t:equal(rows.second.outcome, "rejected")
    t:equal(rows.alone.outcome, nil)
end)

test "one that is listed again under the account's name is still the same" (function(t)
    local emulator = set_up(t, { { sender = SENDER, name = "one" }, { sender = SENDER, name = "another" } },
        'reject "known" (seen_before { times = 2, within = "30d" })\n')
    local config = program.read_file(t.path .. "/spurn.lua")
    local nameless, places = config:gsub('account = "%d+", ', "")
    t:equal(places, 1)
    t:folder { ["spurn.lua"] = nameless }
    emulator.fault { "deny=AccessDenied:op=identity" }
    apply(t)
    emulator.fault {}
    t:folder { ["spurn.lua"] = config }
    for _ = 1, 2 do
        t:equal(apply(t).one.verdict, "undecided", "the other one is known, and the journal is young")
    end
    t:equal(#program.rejections(emulator), 0)
    t:equal(t:sql("SELECT count(*) FROM invitation")[1], "4")
    t:ended(t:spurn("verify"), 0)
end)

test "a rule that only observes does not make an offender" (function(t)
    set_up(t, { { sender = SENDER, name = "promo" }, { sender = SENDER, name = "quiet" } }, [[
reject "promotional" { name "promo*", mode = "observe" }
reject "offender"    (rejected_before { times = 1, within = "30d" })
]])
    for _ = 1, 2 do
        local rows = apply(t)
        t:equal(rows.promo.outcome, nil)
        t:equal(rows.quiet.outcome, nil)
    end
end)

test "a rejection that somebody else made is not ours" (function(t)
    local id = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3b3bc051-fbf6-4336-8377-06c559dfee49"
    local emulator = set_up(t, { { sender = SENDER, name = "promo", id = id }, { sender = SENDER, name = "quiet" } },
        'reject "offender" (rejected_before { times = 1, within = "30d" })\n')
    apply(t)
    emulator.person(id, "reject")
    apply(t)
    local rows = apply(t)
    t:equal(rows.quiet.outcome, nil)
end)

test "how often an invitation was seen is told, and is written down as it was told" (function(t)
    set_up(t, { { sender = SENDER, name = "old hand" } },
        'reject "third time" (function (inv) return inv.times_seen >= 2 and inv.first_seen <= inv.now end)\n')
    t:equal(apply(t)["old hand"].verdict, "none")
    t:equal(apply(t)["old hand"].verdict, "none")
    t:equal(apply(t)["old hand"].outcome, "rejected")
    local rows = t:sql "SELECT times_seen, first_seen_ms > 0 FROM decision ORDER BY seq"
    t:equal(table.concat(rows, " "), "0|0 1|1 2|1")
end)
