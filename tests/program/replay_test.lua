-- What was decided, put to today's policies once more: the same ones say the same, others show what they would change.
local program = require "program"
local test = program.test

local MAYBE_FAULTS <const> = { [0] = true, [4] = true }

local function apply(t)
    local result = t:spurn "-c spurn.lua apply --yes --format json"
    t:truth(MAYBE_FAULTS[result.code], ("apply ends well, not with %s: %s"):format(result.code, result.err))
    return result.json
end

local function arrive(emulator, invitations, others)
    local scenario = others and program.both(invitations, others) or program.aws(invitations)
    for _, account in ipairs(scenario.accounts) do
        account.keys = nil
    end
    emulator.add(scenario)
end

local function set_up(t, policy, invitations, others, more)
    local emulator = t:emulator(others and program.both(invitations, others) or program.aws(invitations))
    t:folder { ["policy.lua"] = policy, ["spurn.lua"] =
        program.config(emulator, (more or 'policy "policy.lua"') .. "\nlimits { percent = 100 }") }
    return emulator
end

local function replayed(t, arguments, code)
    local result = t:spurn("replay --format json " .. (arguments or ""))
    t:ended(result, code or 0)
    local rows = {}
    for _, row in ipairs(result.json.decisions) do
        rows[row.name] = row
    end
    return result.json.summary, rows, result.json.decisions
end

-- ---- the same policies ----

-- One of each kind of rule; "x" in a name makes functions fault.
local EVERY_KIND <const> = [[
keep   "partners"      (sender (list "partners.txt"))
keep   "careful"       (receiver_arn "*admin*" & name "careful*")
keep   "function"      (function(inv)
    assert(not inv.name:find "x", "an x")
    return inv.name == "f"
end)
reject "promotional"   { name { "*promo*", "*free*" }, unless = cloud "alibaba",
    reason = "{name} of {sender}, {age} old" }
reject "by expression" (name_regex "^tmp-[0-9]+$")
reject "old"           (older "6h" & ~name "new*")
reject "by day"        ((created_at { days = "mon tue wed" } | created_at { days = "thu fri sat sun" }) & name "day")
reject "repeat"        (rejected_before { times = 2, within = "30d" })
reject "known"         (seen_before { times = 3, within = "30d" } & name "known")
reject "subnets"       (resource_type "ec2:*")
reject "of resources"  (function(inv)
    for _, resource in ipairs(inv:resources()) do
        if resource.type == "ram:Odd" then
            return true
        end
    end
    return false
end)
reject "ended"         { always, ends = "2020-01-31" }
reject "ends late"     { name "late", ends = "2099-12-31" }
reject "watched"       { always, mode = "observe" }
reject "watched fault" { function(inv)
    assert(inv.name ~= "day", "a day")
    return inv.times_seen > 0
end, mode = "observe" }
]]

local FIRST <const> = {
    { sender = "444455556666", name = "ours", age = "9h" },
    { sender = "999999999999", name = "promo-1", age = "3h" },
    { sender = "999999999999", name = "free", age = "2h" },
    { sender = "999999999999", name = "fresh", age = "2h" },
    { sender = "777788889999", name = "tmp-12", age = "1h" },
    { sender = "777788889999", name = "stale", age = "7h" },
    { sender = "777788889999", name = "new and old", age = "8h" },
    { sender = "777788889999", name = "known" },
    { sender = "666677778888", name = "f", age = "11h" },
    { sender = "666677778888", name = "x" },
    { sender = "666677778888", name = "promo x" },
    { sender = "666677778888", name = "careful" },
    { sender = "555566667777", name = "day" },
    { sender = "555566667777", name = "late" },
    { sender = "555566667777", name = "subnet", resources = { { type = "ec2:Subnet" } } },
    { sender = "555566667777", name = "odd", resources = { { type = "ram:Odd" } } },
    { sender = "555566667777", name = "plain", resources = { { type = "ram:Plain" } } },
    { sender = "555566667777", name = "\27[2J \u{202E}\"\\\n promo", age = "5h" },
}
local SECOND <const> = {
    { sender = "999999999999", name = "again" },
    { sender = "777788889999", name = "and again" },
    { sender = "333344445555", name = "nothing" },
}

test "the same policies say the same of every decision, whatever kind of rule made it" (function(t)
    local emulator = set_up(t, EVERY_KIND, FIRST,
        { { sender = "9999999999999999", name = "free" }, { sender = "9999999999999999", name = "old", age = "7h" } },
        'policy "policy.lua"\npolicy "elsewhere.lua" { only = { cloud = "alibaba" } }\n' ..
        'policy "watcher.lua" { mode = "observe" }')
    t:folder { ["partners.txt"] = "444455556666\n", ["elsewhere.lua"] = 'reject "far" (region "cn-*")\n',
        ["watcher.lua"] = 'reject "seen" (seen_before { within = "1d" })\n' }
    t:ended(t:spurn "plan", 4)
    local first = apply(t)
    arrive(emulator, SECOND, { { sender = "9999999999999999", name = "more" } })
    apply(t)
    arrive(emulator, { { sender = "777788889999", name = "third" } })
    apply(t)
    t:ended(t:spurn "plan --now 2026-01-01", 4)

    local verdicts = {}
    for _, row in ipairs(first.decisions) do
        verdicts[row.verdict] = true
    end
    for _, verdict in ipairs { "reject", "keep", "undecided" } do
        t:truth(verdicts[verdict], "a decision that says " .. verdict)
    end
    for _, arguments in ipairs { "", "--plans" } do
        local summary, _, rows = replayed(t, arguments, 4)
        t:equal(#rows, 0, "what differs " .. arguments)
        t:equal(summary.asked, #FIRST + #SECOND + 4)
        t:equal(summary.alike, summary.asked)
        t:equal(summary.same_policies, summary.asked)
        t:truth(summary.faulted > 0, "faults then are faults now")
    end
    local _, _, all = replayed(t, "--all", 4)
    t:equal(#all, #FIRST + #SECOND + 4)
    local rules = {}
    for _, row in ipairs(all) do
        t:equal(row.change, "none", row.name)
        t:equal(row.now.reason, row.was.reason)
        t:equal(row.now.matches, row.was.matches)
        rules[row.now.rule or "none"] = true
    end
    for _, rule in ipairs { "partners", "function", "promotional", "by expression", "old", "by day", "repeat",
        "subnets", "of resources", "ends late", "far" } do
        t:truth(rules[rule], "a decision by " .. rule)
    end
    local result = t:spurn "replay --exit-code"
    t:ended(result, 4)
    t:holds(result.out, ("\n%d decided again: %d as before.\n"):format(#all, #all))
end)

test "a rule that ends is judged by the clock of then" (function(t)
    local function day(ago)
        return os.date("!%Y-%m-%d", os.time() - ago * 86400)
    end
    local function rule(ends)
        return ('reject "r" { name "x", ends = "%s" }\n'):format(ends)
    end
    set_up(t, rule(day(3)), { { sender = "999999999999", name = "x" } })
    local plan = t:spurn(("plan --now %sT12:00:00Z --format json"):format(day(3)))
    t:ended(plan, 0)
    t:equal(plan.json.decisions[1].verdict, "reject")
    local summary = replayed(t, "--plans")
    t:equal(summary.asked, 1)
    t:equal(summary.alike, 1)
    t:folder { ["policy.lua"] = rule(day(4)) }
    local _, rows = replayed(t, "--plans")
    t:equal(rows.x.change, "verdict")
    t:equal(rows.x.now.verdict, "none")
end)

test "the past is the one of then, whatever happened since" (function(t)
    local emulator = set_up(t, 'reject "repeat" (rejected_before { times = 2, within = "30d" })\n' ..
        'reject "promo" (name "promo*")\n', { { sender = "999999999999", name = "promo 1" } })
    for i = 2, 4 do
        apply(t)
        arrive(emulator, { { sender = "999999999999", name = "promo " .. i } })
    end
    apply(t)
    local summary, _, rows = replayed(t, "--all")
    t:equal(summary.alike, 4)
    t:equal(rows[1].now.rule, "promo")
    t:equal(rows[4].now.rule, "repeat")
    t:folder { ["policy.lua"] = 'reject "repeat" (rejected_before { times = 3, within = "30d" })\n' }
    local _, changed = replayed(t)
    t:equal(changed["promo 2"].now.verdict, "undecided", "the journal was young, and knew of one")
    t:equal(changed["promo 4"].now.rule, "repeat")
    t:equal(changed["promo 4"].change, "reason", "of the same name, and true alone")
end)

-- ---- other policies ----

local WAS <const> = 'keep "partners" (sender "444455556666")\n' ..
    'reject "promo" (name "promo*")\nreject "old" (older "6h")\n'
local NOW <const> = 'keep "fine" (name "promo-1")\nreject "old" (older "2h")\n'
local INVITATIONS <const> = {
    { sender = "444455556666", name = "ours", age = "9h" },
    { sender = "999999999999", name = "promo-1", age = "1h" },
    { sender = "999999999999", name = "promo-2", age = "3h" },
    { sender = "999999999999", name = "stale", age = "7h" },
    { sender = "999999999999", name = "half", age = "3h" },
    { sender = "888888888888", name = "other half", age = "4h" },
    { sender = "888888888888", name = "fresh" },
}

test "other policies show what they would change, in tables and counts" (function(t)
    set_up(t, WAS, INVITATIONS)
    apply(t)
    t:folder { ["policy.lua"] = NOW }
    local result = t:spurn "replay"
    t:ended(result, 0)
    t:equal(result.err, "")
    local shown = result.out:gsub("%d%d%d%d%-%d%d%-%d%d %d%d:%d%d", "WHEN"):gsub("  %x%x%x%x%x%x%x%x\n", "  ID\n")
    t:holds(shown, "\nWould be decided otherwise\n     WAS                       WOULD BE\n" ..
        "  2  left alone                rejected by policy/old\n" ..
        "  1  kept by policy/partners   rejected by policy/old\n" ..
        "  1  rejected by policy/promo  kept by policy/fine\n\n")
    t:holds(shown, "\n  444455556666  ours         9h  kept by policy/partners   rejected by policy/old  WHEN  ID\n")
    t:truth(shown:find("^The same verdict for other reasons\n     WAS                       WOULD BE\n" ..
        "  1  rejected by policy/promo  rejected by policy/old\n"), "what is the same for other reasons: " .. shown)
    t:truth(shown:find("\n7 decided again: 3 as before, 2 left alone would be rejected, 1 kept would be rejected, " ..
        "1 rejected would be kept.\n$"), "the sum last: " .. shown)
end)

test "as JSON each change has what was said then and now" (function(t)
    set_up(t, WAS, INVITATIONS)
    apply(t)
    t:folder { ["policy.lua"] = NOW }
    local summary, rows, list = replayed(t)
    t:equal(#list, 5)
    t:equal(summary.asked, 7)
    t:equal(summary.alike, 2)
    t:equal(summary.other_reason, 1)
    t:equal(summary.other_verdict, 4)
    t:equal(summary.untold, 0)
    t:equal(summary.faulted, 0)
    t:equal(summary.same_policies, 0)
    t:equal(#summary.digest, 64)
    local moved = {}
    for _, move in ipairs(summary.moved) do
        moved[move.was .. " " .. move.now] = move.count
    end
    t:equal(moved["none reject"], 2)
    t:equal(moved["keep reject"], 1)
    t:equal(moved["reject keep"], 1)
    t:equal(rows.ours.change, "verdict")
    t:equal(rows.ours.was.rule, "partners")
    t:equal(rows.ours.now.rule, "old")
    t:equal(rows.ours.now.line, 2)
    t:equal(rows.ours.same_policies, false)
    t:equal(rows.ours.sweep, 1)
    t:equal(rows.ours.plan, false)
    t:equal(rows["promo-2"].change, "reason")
    t:equal(#select(3, replayed(t, "--all")), 7)
end)

test "--exit-code tells by its exit code that a verdict would differ" (function(t)
    set_up(t, WAS, INVITATIONS)
    apply(t)
    t:ended(t:spurn "replay --exit-code", 0)
    t:folder { ["policy.lua"] = NOW }
    for _, format in ipairs { "table", "json" } do
        t:ended(t:spurn("replay --format " .. format), 0)
        t:ended(t:spurn("replay --exit-code --format " .. format), 1)
    end
    t:folder { ["policy.lua"] = WAS:gsub('"promo"', '"promotional"') }
    t:ended(t:spurn "replay --exit-code", 0)
    t:equal(replayed(t, "--exit-code").other_reason, 2)
end)

test "what hangs on resources that nobody asked for cannot be told" (function(t)
    set_up(t, WAS, INVITATIONS)
    apply(t)
    t:folder { ["policy.lua"] = 'keep "partners" (sender "444455556666")\nreject "subnets" (resource_type "ec2:*")\n' }
    local summary, rows = replayed(t)
    t:equal(summary.untold, 6)
    t:equal(rows.fresh.change, "untold")
    t:equal(rows.fresh.now.verdict, rows.fresh.now.rule, "null")
    local out = t:spurn("replay").out
    t:holds(out, "Cannot be told without resources\n")
    t:holds(out, "\n  2  rejected by policy/promo  needs resources\n")
    t:holds(out, "\n6 cannot be told: the verdict hangs on resources, and nobody asked the cloud for them then.\n")
    t:holds(out, "\n7 decided again: 1 as before, 6 cannot be told.\n")
    t:ended(t:spurn "replay --exit-code", 0)
end)

test "resources that were asked for then are known now" (function(t)
    set_up(t, 'reject "subnets" (resource_type "ec2:*")\n',
        { { sender = "999999999999", name = "a", resources = { { type = "ec2:Subnet" } } },
            { sender = "999999999999", name = "b", resources = { { type = "ram:X" } } } })
    apply(t)
    t:folder { ["policy.lua"] = 'reject "others" (resource_type "ram:*")\n' }
    local summary, rows = replayed(t)
    t:equal(summary.untold, 0)
    t:equal(rows.a.now.verdict, "none")
    t:equal(rows.b.now.rule, "others")
end)

test "a rule that faults today ends with 4 and is told" (function(t)
    set_up(t, WAS, INVITATIONS)
    apply(t)
    t:folder { ["policy.lua"] =
        'reject "r" (function(inv)\n    assert(inv.name ~= "half", "odd")\n    return false\nend)\n' }
    local summary, rows = replayed(t, "", 4)
    t:equal(summary.faulted, 1)
    t:equal(rows.half.faulted, true)
    t:equal(rows.half.now.verdict, "undecided")
    t:holds(rows.half.now.reason, "policy.lua:2: ")
    local result = t:spurn "replay"
    t:ended(result, 4)
    t:holds(result.out, '\nA rule faults on 1 of them; "spurn explain ID" says which, and why.\n')
end)

test "a rule that had run out of steps too often in its sweep is asked again, and that is told" (function(t)
    local policy <const> = 'reject "r" (function(inv)\n    while inv.name == "loop" do end\n    return true\nend)\n'
    local emulator = set_up(t, policy, {
        { sender = "999999999999", name = "loop" }, { sender = "999999999999", name = "loop" },
        { sender = "999999999999", name = "loop" }, { sender = "999999999999", name = "last" } })
    local last
    for _, row in ipairs(apply(t).decisions) do
        t:equal(row.verdict, "undecided", row.name)
        last = row.name == "last" and row or last
    end
    emulator.person(last.id, "reject")
    apply(t)
    local summary, rows = replayed(t, "", 4)
    t:equal(summary.asked, 4)
    t:equal(summary.alike, 3)
    t:equal(rows.last.now.verdict, "reject")
    t:equal(rows.last.same_policies, true)
    t:holds(t:spurn("replay").out, "\n1 would differ by the very same policies: a rule had run out of steps too often")
end)

test "what senders wrote cannot draw on the terminal" (function(t)
    local hostile <const> = "\27[2J\u{202E}\n\"promo\\"
    set_up(t, program.REJECT_ALL, { { sender = "999999999999", name = hostile } })
    apply(t)
    t:folder { ["policy.lua"] = 'keep "k" (always)\n' }
    local out = t:spurn("replay").out
    t:truth(not out:find "[\0-\9\11-\31\127]", "no control character but the ends of lines")
    t:lacks(out, "\u{202E}")
    t:holds(out, [[\x1b[2J\u202e\n"promo\\]])
    local _, _, rows = replayed(t)
    t:equal(rows[1].name, hostile)
end)

-- ---- which decisions ----

test "an invitation's newest decision is asked again, plans' with --plans, and none before --since" (function(t)
    local emulator = set_up(t, 'reject "r" (name "nobody")\n', { { sender = "999999999999", name = "x" } })
    t:truth(emulator, "an emulator")
    t:ended(t:spurn "plan", 0)
    local none = t:spurn "replay"
    t:ended(none, 0)
    t:equal(none.out, "Nothing was decided yet but maybe by a plan; --plans adds what plans decided.\n")
    t:equal(replayed(t).asked, 0)
    t:equal(replayed(t, "--plans").asked, 1)
    apply(t)
    apply(t)
    local summary, _, rows = replayed(t, "--all")
    t:equal(summary.asked, 1)
    t:equal(rows[1].sweep, 3, "the newest")
    t:equal(rows[1].plan, false)
    t:equal(replayed(t, "--since 1d").asked, 1)
    t:equal(replayed(t, "--since 2099-01-01").asked, 0)
    t:equal(t:spurn("replay --plans --since 2099-01-01").out, "Nothing was decided since then.\n")
end)

test "many changes are counted by rule, and --all shows each" (function(t)
    set_up(t, program.REJECT_ALL, { { sender = "999999999999", name = "n-%d", ["repeat"] = 120 } }, nil,
        'policy "policy.lua"\nlimits { rejections = 500 }')
    t:folder { ["spurn.lua"] = program.read_file(t:folder() .. "/spurn.lua"):gsub("\nlimits { percent = 100 }", "") }
    t:spurn "-c spurn.lua apply --yes"
    t:folder { ["policy.lua"] = 'keep "all" (always)\n' }
    local out = t:spurn("replay").out
    t:holds(out, "\n  120  rejected by policy/everything  kept by policy/all\n")
    t:holds(out, "\n  and 20 more; --all shows them\n")
    t:equal(select(2, out:gsub("\n  999999999999", "")), 100)
    t:equal(select(2, t:spurn("replay --all").out:gsub("\n  999999999999", "")), 120)
end)

test "replaying reaches no cloud, writes nothing, and wants a journal" (function(t)
    local emulator = set_up(t, WAS, INVITATIONS)
    apply(t)
    t:signal(emulator.process, "KILL")
    t:await(emulator.process, 5)
    local journal <const> = t:folder() .. "/spurn.db"
    local before = program.read_file(journal)
    t:ended(t:spurn "replay --plans", 0)
    t:truth(program.read_file(journal) == before, "the same bytes")
    t:ended(t:spurn "replay x", 2, 'replay takes options only, and no "x"')
    t:folder { ["spurn.lua"] = 'policy "policy.lua"\n' }
    local none = t:spurn "replay --format json"
    t:ended(none, 2, "no journal is configured")
    t:equal(none.out, "")
    t:folder { ["spurn.lua"] = 'policy "policy.lua"\njournal = "other.db"\n' }
    t:ended(t:spurn "replay", 2, "other.db")
end)

test "what is decided for the same reason names the other rules that are true now" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "promo" } })
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = 'keep "org" { always, reason = "Acme" }\n' }
    t:ended(t:spurn "-c spurn.lua apply --yes", 0)
    t:folder { ["policy.lua"] = 'keep "org" { always, reason = "Acme" }\nreject "ads" (name "promo")\n' }
    local out = t:spurn("replay").out
    t:holds(out, "kept by policy/org; true: policy/org  kept by policy/org; true: policy/org, policy/ads\n")
    t:lacks(out, "for another reason")
    t:holds(t:spurn("explain " .. t:spurn("history --format json").json.decisions[1].id).out,
        "\n  true         policy/org, policy/ads\n")
end)
