-- Why: an invitation of the journal, or one that is described, put to every rule and condition of today's policies.
local program = require "program"
local test = program.test

local POLICY <const> = [[
local p = params { after = "6h", ours = { "111122223333" } }
keep   "our own"     (sender (p.ours))
keep   "night shift" (function(inv)
    return inv.name == "night"
end)
reject "promotional" { name { "*promo*", "*free*" }, unless = cloud "alibaba" }
reject "unanswered"  { older (p.after), reason = "{sender} waits for {age}" }
]]

local function described(json, more)
    return ("explain --invitation %s %s"):format(program.quote(json), more or "")
end

-- A configuration that reaches nobody: what is described needs neither network nor journal.
local function with_policy(t, policy, more)
    t:folder { ["spurn.lua"] = 'policy "policy.lua"' .. (more or "") .. "\n", ["policy.lua"] = policy }
end

-- An emulator with these invitations, and the policy applied to them once.
local function applied(t, policy, invitations, more)
    local emulator = t:emulator(program.aws(invitations))
    t:folder { ["policy.lua"] = policy, ["spurn.lua"] = program.config(emulator,
        'policy "policy.lua"' .. (more or "") .. "\nlimits { percent = 100 }") }
    local result = t:spurn "-c spurn.lua apply --yes --format json"
    t:ended(result, result.json.summary.exit_code)
    return emulator, result.json
end

local function by_name(decisions)
    local rows = {}
    for _, row in ipairs(decisions) do
        rows[row.name] = row
    end
    return rows
end

local function explained(t, arguments, code)
    local result = t:spurn(arguments .. " --format json")
    t:ended(result, code or 0)
    return result.json
end

-- The rules of all policies, by name.
local function rules_of(json)
    local rules = {}
    for _, policy in ipairs(json.policies) do
        for _, rule in ipairs(policy.rules) do
            rules[rule.rule] = rule
        end
    end
    return rules
end

-- ---- one that is described ----

test "a person sees every rule, every condition, what it looked at, and the verdict first" (function(t)
    with_policy(t, POLICY)
    local result = t:spurn(described('{"sender":"999999999999","name":"promo-1","region":"eu-west-1","age":"7h"}',
        "--now 2026-11-22T10:10:00Z"))
    t:ended(result, 0)
    t:equal(result.out, [[
Verdict
  decision     rejected by policy/promotional, line 6
  true         policy/promotional, policy/unanswered
  why          a reject rule is true, and every keep rule is false

Invitation
  sender       999999999999
  name         promo-1
  to           aws eu-west-1
  age          7h, created 2026-11-22T03:10:00Z
  not known    account, share
  as of        2026-11-22T10:10:00Z

Policy policy
  false        keep "our own", line 2
  false          sender "111122223333"          sender = "999999999999"
  false        keep "night shift", line 3
  false          function on line 3             name = "promo-1"
  true         reject "promotional", line 6
  true           all of
  true             name {2 globs}               name = "promo-1"
  true             not
  false              cloud "alibaba"            cloud = "aws"
  true         reject "unanswered", line 7
  true           older "6h"                     age = 7h
]])
    t:equal(result.err, "")
end)

test "each verdict says why it is that one" (function(t)
    local function says(policy, json, decision, why)
        with_policy(t, policy)
        local out = t:spurn(described(json)).out
        t:holds(out, "\n  decision     " .. decision .. "\n")
        t:holds(out, "\n  why          " .. why .. "\n")
    end
    local both <const> = 'keep "k" (name "a")\nreject "r" { older "1h", reason = "{age} old" }\n'
    says(both, '{"name":"a","age":"2h"}', "kept by policy/k, line 1",
        "a keep rule is true, and keep wins, whatever the others say")
    says(both, '{"name":"b","age":"2h"}', "rejected by policy/r, line 2\n  reason       2h old",
        "a reject rule is true, and every keep rule is false")
    says(both, '{"name":"b","age":"1m"}', "left alone", "no rule is true of it")
    says(both, '{"age":"2h"}', "undecided by policy/k, line 1\n  reason       cannot be decided: name is not known",
        "a rule on which it hangs is neither true nor false, and nothing is rejected in doubt")
    says('reject "r" { always, mode = "observe" }\n', "{}", "left alone",
        "no rule is true of it but those that only observe")
    says('reject "r" (resource_type "ec2:*")\n', '{"cloud":"aws"}', "needs resources",
        "it hangs on what the invitation shares, and the cloud was not asked for that")
end)

test "as JSON the parts are nested: policies, rules, conditions and theirs" (function(t)
    with_policy(t, [[
keep "k" (any { all { name "a*", ~cloud "alibaba" }, older "9h" } | region "x")
reject "r" (always)
]], ' { only = { cloud = "aws" }, name = "first" }\npolicy "second.lua" { only = { cloud = "alibaba" } }')
    t:folder { ["second.lua"] = 'reject "s" (name "x" & ~name "y")\n' }
    local json = explained(t, described('{"name":"abc","cloud":"aws","age":"1h"}'))
    t:equal(json.schema, 1)
    t:equal(#json.policies, 2)
    local first, second = json.policies[1], json.policies[2]
    t:equal(first.policy, "first")
    t:equal(first.value, "asked")
    t:equal(#first.rules, 2)
    local keep = first.rules[1]
    t:equal(keep.rule, "k")
    t:equal(keep.keeps, true)
    t:equal(keep.line, 1)
    t:equal(keep.value, "true")
    local any = keep.condition
    t:equal(any.text, "any")
    local flat = {}
    local function note(condition, depth)
        flat[#flat + 1] = ("%s%s=%s"):format(("."):rep(depth), condition.text, condition.value)
        for _, part in ipairs(condition.conditions or {}) do
            note(part, depth + 1)
        end
    end
    note(any, 0)
    t:equal(table.concat(flat, "\n"), table.concat({
        "any=true", ".any=true", "..all=true", '...name "a*"=true', "...not=true", '....cloud "alibaba"=false',
        '..older "9h"=not reached', '.region "x"=not reached' }, "\n"))
    t:equal(any.conditions[1].conditions[1].conditions[1].looked_at, 'name = "abc"')
    t:equal(first.rules[2].condition.conditions, nil)
    t:equal(second.value, "not asked")
    t:equal(second.cause, 'only cloud "alibaba"')
    t:equal(second.rules[1].value, "not reached")
    t:equal(json.now.verdict, "keep")
    t:equal(json.now.rule, "k")
    t:equal(json.now.faulted, false)
    t:equal(json.now.needs_resources, false)
    t:equal(#json.now.digest, 64)
    t:equal(json.was, json.invitation.region, "both null")
    t:equal(json.invitation.name, "abc")
    t:equal(json.invitation.age, 3600)
    t:equal(json.invitation.status, "PENDING")
    t:equal(json.invitation.resources, "not asked")
end)

test "what is left out is unknown, and so is what hangs on it" (function(t)
    with_policy(t, 'reject "old" (~younger "1h")\nreject "named" (name "x")\nreject "far" (region "cn-*")\n')
    local json = explained(t, described "{}")
    local rules = rules_of(json)
    t:equal(rules.old.value, "unknown")
    t:equal(rules.old.cause, "age is not known")
    t:equal(rules.old.condition.conditions[1].looked_at, "age = unknown")
    t:equal(rules.named.value, "unknown")
    t:equal(rules.far.cause, "region is not known")
    t:equal(json.now.verdict, "undecided")
    local out = t:spurn(described "{}").out
    t:holds(out, "\n  not known    sender, name, cloud, account, region, age, share\n")
    t:holds(out, '\n  unknown      reject "old", line 1             age is not known\n')
    t:holds(out, '\n  unknown          younger "1h"                 age = unknown\n')
end)

test "a cloud that is left out follows from the ids" (function(t)
    with_policy(t, 'reject "aws" (cloud "aws")\nreject "alibaba" (cloud "alibaba")\n')
    t:equal(explained(t, described '{"sender":"999999999999"}').now.rule, "aws")
    t:equal(explained(t, described '{"account":"9999999999999999"}').now.rule, "alibaba")
end)

test "--now is the clock: for ages, for times of day, and for rules that end" (function(t)
    with_policy(t, 'reject "old" (older "6h")\nreject "soon" { always, ends = "2026-11-30" }\n')
    local json <const> = '{"created":"2026-11-22T03:10:00Z","sender":"999999999999"}'
    local function at(now)
        return rules_of(explained(t, described(json, "--now " .. now)))
    end
    t:equal(at("2026-11-22T09:09:59Z").old.value, "false")
    t:equal(at("2026-11-22T09:10:00Z").old.value, "true")
    t:equal(at("2026-11-22T03:00:00Z").old.value, "unknown", "before it was created")
    t:equal(at("2026-11-30T23:59:59Z").soon.value, "true")
    local ended = at "2026-12-01T00:00:00Z"
    t:equal(ended.soon.value, "ended")
    t:equal(ended.soon.condition.value, "not reached")
    t:holds(t:spurn(described(json, "--now 2026-12-01")).out, '\n  ended        reject "soon", line 2\n')
end)

test "resources are asked for, unknown, or as they are described" (function(t)
    with_policy(t, 'keep "mine" (name "mine")\nreject "subnets" (only_resource_type "ec2:*")\n')
    local asked = explained(t, described '{"name":"x","cloud":"aws"}')
    t:equal(asked.now.needs_resources, true)
    t:equal(asked.now.verdict, asked.was, "null: no verdict")
    t:equal(rules_of(asked).subnets.value, "needs resources")
    t:holds(t:spurn(described '{"name":"x","cloud":"aws"}').out, '\n  resources?   reject "subnets", line 2\n')
    local kept = explained(t, described '{"name":"mine","cloud":"aws"}')
    t:equal(kept.now.needs_resources, false, "a keep rule is true already")
    t:equal(kept.now.verdict, "keep")
    t:equal(explained(t, described '{"name":"x","cloud":"aws","resources":["ec2:Subnet"]}').now.verdict, "reject")
    local two <const> = '{"name":"x","cloud":"aws","resources":["ec2:Subnet",{"type":"ram:X"}]}'
    t:equal(explained(t, described(two)).now.verdict, "none")
    t:equal(explained(t, described '{"name":"x","cloud":"aws","resources":[]}').now.verdict, "undecided")
    for _, json in ipairs { '{"name":"x","cloud":"aws","resources":null}', '{"name":"x","cloud":"alibaba"}' } do
        local unknown = explained(t, described(json))
        t:equal(unknown.now.verdict, "undecided", json)
        t:equal(unknown.invitation.resources, "unknown")
    end
    local many = '{"name":"x","cloud":"aws","resources":["a:A","a:B","a:C","a:D","a:E","a:F","a:G"]}'
    t:holds(t:spurn(described(many)).out, "\n  shares       a:A, a:B, a:C, a:D, a:E and 2 more\n")
end)

test "a rule that faults ends with 4, one that only observes does not, and both say where" (function(t)
    local function faulting(options)
        return ('reject "broken" { function(inv)\n    assert(inv.name ~= "x", "odd")\n    return false\nend%s }\n')
            :format(options or "")
    end
    with_policy(t, faulting())
    local result = t:spurn(described '{"name":"x"}')
    t:ended(result, 4)
    t:holds(result.out, '\n  unknown      reject "broken", line 1')
    t:holds(result.out, "policy.lua:2: ")
    local rule = rules_of(explained(t, described '{"name":"x"}', 4)).broken
    t:holds(rule.cause, "policy.lua:2: ")
    t:holds(rule.condition.cause, "policy.lua:2: ")
    with_policy(t, faulting ', mode = "observe"')
    t:ended(t:spurn(described '{"name":"x"}'), 0)
    local observed = explained(t, described '{"name":"x"}')
    t:equal(observed.now.verdict, "none")
    t:holds(rules_of(observed).broken.cause, "policy.lua:2: ")
end)

test "an observed rule says what it would do, and decides nothing" (function(t)
    with_policy(t, 'reject "watched" { name "x", mode = "observe" }\n')
    local result = t:spurn(described '{"name":"x"}')
    t:ended(result, 0)
    t:holds(result.out, '\n  true         reject "watched", line 1, only observes\n')
    local json = explained(t, described '{"name":"x"}')
    t:equal(json.now.verdict, "none")
    t:equal(json.now.matches, "policy/watched (observed)")
    t:equal(json.policies[1].rules[1].observes, true)
end)

test "a description comes from standard input, too" (function(t)
    with_policy(t, POLICY)
    t:folder { ["inv.json"] = '{"name": "a promo"}\n' }
    local result = t:spurn("explain --invitation - --format json", { input = t:folder() .. "/inv.json" })
    t:ended(result, 0)
    t:equal(result.json.invitation.name, "a promo")
    t:folder { ["long.json"] = '{"name":"' .. ("x"):rep(1024 * 1024) .. '"}' }
    t:ended(t:spurn("explain --invitation -", { input = t:folder() .. "/long.json" }), 2, "it is longer than 1024 KiB")
    t:ended(t:spurn "explain --invitation -", 2, "it is no JSON object")
end)

test "a mistake is one line, exit code 2, and nothing on standard output" (function(t)
    with_policy(t, POLICY)
    for arguments, part in pairs {
        ["explain"] = "explain wants an invitation's id, or its end, or --invitation",
        ["explain x --invitation '{}'"] = "explain wants an invitation's id, or its end, or --invitation",
        ["explain x y"] = 'explain takes only one [ID], and no "y"',
        ["explain --invitation"] = "--invitation",
        ["explain --invitation '{\"sendr\":1}'"] = 'unknown field "sendr"; did you mean "sender"?',
        ["explain --invitation '{\"name\":\"x\"'"] = "cannot read the invitation: it is no JSON object",
        ["explain --invitation nonsense"] = "cannot read the invitation: it is no JSON object",
        ["explain --now yesterday x"] = '--now is "yesterday"',
        ["explain x"] = "no journal is configured",
    } do
        for _, format in ipairs { "table", "json" } do
            local result = t:spurn(arguments .. " --format " .. format)
            t:ended(result, 2, part)
            t:equal(result.out, "", arguments)
            t:equal(select(2, result.err:gsub("\n", "")), 1, "lines on standard error of " .. arguments)
        end
    end
end)

-- ---- hostile text ----

local HOSTILE <const> = "\27[2Jgone \u{202E}gpj \"quoted\" back\\slash\nnew line, promo"

local function is_harmless(t, text)
    t:truth(not text:find "[\0-\9\11-\31\127]", "no control character but the ends of lines")
    t:lacks(text, "\u{202E}")
end

test "what a sender wrote cannot draw on the terminal, nor end a string of JSON" (function(t)
    local emulator, report = applied(t, 'reject "r" { name "*promo", reason = "it says {name}" }\n',
        { { sender = "999999999999", name = HOSTILE } })
    t:truth(emulator, "an emulator")
    local id <const> = report.decisions[1].id
    local result = t:spurn("explain --color never " .. id)
    t:ended(result, 0)
    is_harmless(t, result.out)
    t:holds(result.out, [[
  name         \x1b[2Jgone \u202egpj "quoted" back\\slash\nnew line, promo
]])
    t:holds(result.out, [[name = "\x1b[2Jgone \u202egpj "quoted" back\\slash\nnew line, promo"]])
    t:holds(result.out, [[reason       it says \x1b[2Jgone]])
    local again = t:spurn("explain --format json " .. id)
    t:ended(again, 0)
    t:truth(not again.out:find "[\0-\9\11-\31\127]", "no control character in JSON but its last newline")
    t:equal(again.json.invitation.name, HOSTILE)
    t:equal(again.json.now.reason, "it says " .. HOSTILE)
end)

-- ---- one of the journal ----

test "an invitation of the journal is asked again with what was known when it was decided" (function(t)
    local _, report = applied(t, POLICY, {
        { sender = "999999999999", name = "a promo", age = "3h" },
        { sender = "999999999999", name = "stale", age = "7h" },
        { sender = "111122223333", name = "ours", age = "8h" },
        { sender = "999999999999", name = "fresh", age = "2h" },
    })
    for name, row in pairs(by_name(report.decisions)) do
        local json = explained(t, "explain " .. row.id:sub(-12))
        t:equal(json.invitation.id, row.id)
        t:equal(json.invitation.name, name)
        t:equal(json.invitation.age, row.age)
        t:equal(json.invitation.now, row.decided)
        t:equal(json.was.sweep, row.sweep)
        t:equal(json.was.verdict, row.verdict)
        t:equal(json.was.rule, row.rule)
        t:equal(json.was.outcome, row.outcome)
        t:equal(json.was.digest, json.now.digest)
        t:equal(json.now.verdict, row.verdict)
        t:equal(json.now.reason, row.reason)
        t:equal(json.now.change, "none")
        t:ended(t:spurn("explain " .. row.id), 0)
    end
    local out = t:spurn("explain " .. by_name(report.decisions)["a promo"].id:sub(-8)).out
    t:holds(out, "What was decided\n  decision     rejected by policy/promotional\n  outcome      rejected\n")
    t:holds(out, ", sweep 1\n  policies     those of today, " .. report.summary.digest:sub(1, 12) .. "\n")
    t:holds(out, "\nVerdict of today's policies\n  decision     rejected by policy/promotional, line 6\n")
    t:truth(out:find "\n  then         the same\n\nInvitation\n", "the verdict comes first, and is the same: " .. out)
end)

test "policies that changed since are told, with both verdicts" (function(t)
    local _, report = applied(t, POLICY, { { sender = "999999999999", name = "a promo", age = "3h" } })
    local id <const> = report.decisions[1].id
    t:folder { ["policy.lua"] = 'keep "fine" (name "*promo*")\n' }
    local json = explained(t, "explain " .. id)
    t:equal(json.was.verdict, "reject")
    t:equal(json.now.verdict, "keep")
    t:equal(json.now.change, "verdict")
    t:truth(json.was.digest ~= json.now.digest, "another digest")
    local out = t:spurn("explain " .. id).out
    t:holds(out, ("\n  policies     others than today: then %s, now %s\n"):format(
        json.was.digest:sub(1, 12), json.now.digest:sub(1, 12)))
    t:truth(out:find "\n  then         rejected by policy/promotional\n\nInvitation\n",
        "what was, before the rest: " .. out)
    t:folder { ["policy.lua"] = 'reject "other" (name "*promo*")\n' }
    t:equal(explained(t, "explain " .. id).now.change, "reason")
    t:holds(t:spurn("explain " .. id).out,
        "then         the same, but by another rule, for another reason or with others that are true\n")
end)

test "--now asks about an invitation of the journal as of another time" (function(t)
    local _, report = applied(t, POLICY, { { sender = "999999999999", name = "fresh", age = "1h" } })
    local id <const> = report.decisions[1].id
    t:equal(explained(t, "explain " .. id).now.verdict, "none")
    local later = explained(t, "explain --now 2099-01-01T00:00:00Z " .. id)
    t:equal(later.now.rule, "unanswered")
    t:equal(later.now.change, "verdict")
    t:equal(later.invitation.now, "2099-01-01T00:00:00.000Z")
    t:equal(later.was.verdict, "none")
end)

test "plans are explained, and the newest decision counts" (function(t)
    local emulator = applied(t, 'reject "r" (name "nobody")\n', { { sender = "999999999999", name = "x", age = "1h" } })
    t:truth(emulator, "an emulator")
    t:folder { ["policy.lua"] = 'keep "k" (name "x")\n' }
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    local json = explained(t, "explain " .. plan.json.decisions[1].id)
    t:equal(json.was.plan, true)
    t:equal(json.was.verdict, "keep")
    t:equal(json.was.sweep, 2)
    t:equal(json.invitation.times_seen, 1)
    t:holds(t:spurn("explain " .. plan.json.decisions[1].id).out, "\n  listed       1 time before, first ")
    t:holds(t:spurn("explain " .. plan.json.decisions[1].id).out, ", by a plan, sweep 2\n")
end)

test "an id that nobody has, or an end that several have, is exit code 2" (function(t)
    local _, report = applied(t, program.REJECT_ALL, { { sender = "999999999999", name = "%d", ["repeat"] = 40 } })
    local ids, several = {}, nil
    for _, row in ipairs(report.decisions) do
        local last = row.id:sub(-1)
        several = several or ids[last] and last
        ids[last] = ids[last] or row.id
    end
    t:truth(several, "two ids of 40 end alike")
    local result = t:spurn("explain " .. several)
    t:ended(result, 2, ("cannot explain invitation %s: several ids end so; give more of one: "):format(several))
    t:holds(result.err, ids[several])
    t:equal(result.out, "")
    t:ended(t:spurn("explain " .. ids[several]), 0)
    t:ended(t:spurn("explain " .. ids[several]:sub(-12)), 0)
    local nobody = t:spurn "explain nobody --format json"
    t:ended(nobody, 2, "cannot explain invitation nobody: nothing was decided about it")
    t:equal(nobody.out, "")
    t:ended(t:spurn "explain ''", 2, "cannot explain an invitation without its id")
end)

test "a journal that is missing is exit code 2 for an id, and no past for a description" (function(t)
    with_policy(t, 'reject "again" (seen_before { within = "1d" })\n', '\njournal = "missing.db"')
    t:ended(t:spurn "explain x", 2, "missing.db")
    local json = explained(t, described '{"sender":"999999999999"}')
    t:equal(json.now.verdict, "undecided")
    t:equal(rules_of(json).again.cause, "the sender's past is not known: nothing is remembered yet")
    t:equal(program.read_file(t:folder() .. "/missing.db"), nil, "nothing is made")
    t:folder { ["missing.db"] = ("no journal"):rep(1000) }
    local damaged = t:spurn(described '{"sender":"999999999999"}')
    t:ended(damaged, 0, "what senders did before is not known: ")
end)

-- ---- the past ----

test "what a sender did before is asked of the journal: as of now, and about others" (function(t)
    local policy <const> = 'reject "again" (rejected_before { times = 2, within = "30d" })\n' ..
        'reject "promo" (name "promo*")\nreject "seen" { seen_before { times = 3, within = "1d" }, mode = "observe" }\n'
    local _, report = applied(t, policy, {
        { sender = "999999999999", name = "promo 1" }, { sender = "999999999999", name = "promo 2" },
        { sender = "999999999999", name = "other" } })
    local function described_by(sender, id)
        return rules_of(explained(t, described(('{"name":"x","sender":"%s"%s}'):format(sender,
            id and (',"id":"%s"'):format(id) or ""))))
    end
    local fresh = described_by "999999999999"
    t:equal(fresh.again.value, "true")
    t:equal(fresh.again.condition.looked_at, "rejected before: 2 or more")
    t:equal(fresh.seen.value, "true")
    local rows = by_name(report.decisions)
    t:equal(described_by("999999999999", rows["promo 1"].id).again.value, "unknown", "the other one alone")
    t:equal(described_by("999999999999", rows["promo 1"].id).again.condition.looked_at:sub(1, 26),
        "rejected before: 1 since 2")
    t:equal(described_by("888888888888").again.condition.looked_at:sub(1, 26), "rejected before: 0 since 2")
    local first = rules_of(explained(t, "explain " .. rows["promo 1"].id))
    t:equal(first.again.value, "unknown", "before the first sweep nothing was remembered")
    local later = rules_of(explained(t, "explain --now 2099-01-01 " .. rows["other"].id))
    t:equal(later.again.value, "false", "long after, and nothing within 30 days")
end)

-- ---- what it leaves alone ----

test "explaining reaches no cloud and writes nothing" (function(t)
    local emulator, report = applied(t, POLICY, { { sender = "999999999999", name = "a promo", age = "3h" } })
    t:signal(emulator.process, "KILL")
    t:await(emulator.process, 5)
    local journal <const> = t:folder() .. "/spurn.db"
    local before, rows = program.read_file(journal), t:sql "SELECT count(*) FROM sweep"
    t:ended(t:spurn("explain " .. report.decisions[1].id), 0)
    t:ended(t:spurn(described '{"sender":"999999999999"}'), 0)
    t:truth(program.read_file(journal) == before, "the same bytes")
    t:equal(t:sql("SELECT count(*) FROM sweep")[1], rows[1])
end)

test "text keeps its columns, whatever the width, and colours only where they are asked for" (function(t)
    with_policy(t, 'reject "r" (name { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } & older "1h")\n')
    local now <const> = "--now 2026-11-22T12:00:00Z"
    local plain = t:spurn(described('{"name":"x","age":"2h"}', now)).out
    t:lacks(plain, "\27")
    t:holds(plain, '\n  false            name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"\n' ..
        (" "):rep(48) .. 'name = "x"\n')
    local coloured = t:spurn(described('{"name":"x","age":"2h"}', "--color always " .. now)).out
    t:holds(coloured, "\27[2mfalse\27[0m")
    t:equal((coloured:gsub("\27%[%d*m", "")), plain)
end)

test "a rule that only observes and waits for resources leaves the verdict as it is" (function(t)
    with_policy(t, 'reject "r" (name "x")\nreject "o" { resource_type "ec2:*", mode = "observe" }\n')
    local out = t:spurn(described '{"cloud":"aws","name":"x"}').out
    t:holds(out, "Verdict\n  decision     rejected by policy/r, line 1\n")
    t:holds(out, '\n  resources?   reject "o", line 2, only observes\n')
    local json = explained(t, described '{"cloud":"aws","name":"x"}')
    t:equal(json.now.verdict, "reject")
    t:equal(explained(t, described '{"cloud":"aws","name":"y"}').now.verdict, "none")
end)

test "an empty list of resources tells nothing, and every line says so" (function(t)
    with_policy(t, 'reject "r" (resource_type "ec2:*")\n')
    local out = t:spurn(described '{"cloud":"aws","resources":[]}').out
    t:holds(out, "\n  shares       an empty list, which tells nothing\n")
    t:holds(out, "\n  reason       cannot be decided: the list of resources is empty, which tells nothing\n")
    t:lacks(out, "resources are not known")
end)
