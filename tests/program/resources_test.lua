-- What an invitation shares is asked for only where the verdict hangs on it, once; where nobody can tell it is unknown.
local cjson = require "cjson"
local program = require "program"
local test = program.test

local DNS <const> = { { type = "route53resolver:ResolverRule" } }
local SUBNETS <const> = { { type = "ec2:Subnet" } }
local OURS <const>, STRANGER <const> = "222222222222", "999999999999"
local DNS_GOES <const> = [[
keep   "ours" (sender "222222222222")
reject "dns"  (resource_type "route53resolver:*")
]]

local PLAN <const> = "plan --format json"
local APPLY <const> = "-c spurn.lua apply --yes --format json"

-- An emulator with `invitations` at AWS, and a folder with `policy` and `limits`.
local function set_up(t, invitations, policy, limits, options)
    local emulator = t:emulator(program.aws(invitations), options)
    t:folder {
        ["spurn.lua"] = program.config(emulator,
            ('policy "policy.lua"\nlimits { percent = 100, %s }'):format(limits or "")),
        ["policy.lua"] = policy,
    }
    return emulator
end

-- The look-ups that reached the cloud, and how many of them were answered about each invitation.
local function lookups(emulator)
    local calls, by_id = {}, {}
    for _, entry in ipairs(emulator.ledger()) do
        if entry.op == "ListPendingInvitationResources" then
            calls[#calls + 1] = entry
            local id = entry.id or "nobody read it"
            by_id[id] = (by_id[id] or 0) + 1
        end
    end
    return calls, by_id
end

local function by_name(result)
    local rows = {}
    for _, row in ipairs(result.json.decisions) do
        rows[row.name] = row
    end
    return rows
end

local function ended_in_time(t, process, seconds, code)
    t:equal(t:await(process, seconds), code)
    return cjson.decode(program.read_file(process.out))
end

-- ---- when it is asked for ----

test "only invitations whose verdict hangs on it are asked about, each once" (function(t)
    local emulator = set_up(t, {
        { sender = OURS, name = "kept", resources = DNS },
        { sender = STRANGER, name = "dns", resources = DNS },
        { sender = STRANGER, name = "subnet", resources = SUBNETS },
    }, DNS_GOES)
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    local rows = by_name(plan)
    t:equal(rows.kept.verdict, "keep")
    t:equal(rows.dns.verdict, "reject")
    t:equal(rows.dns.rule, "dns")
    t:equal(rows.subnet.verdict, "none")
    local calls, by_id = lookups(emulator)
    t:equal(#calls, 2)
    t:equal(by_id[rows.dns.id], 1)
    t:equal(by_id[rows.subnet.id], 1)
    t:equal(plan.json.summary.lookups, 2)
    t:equal(plan.json.summary.lookups_failed, 0)
    t:equal(plan.json.summary.lookups_skipped, 0)
end)

test "a condition that is false anyway asks nobody" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, name = "plain", resources = DNS } },
        'reject "dns" (resource_type "route53resolver:*" & name "promo*")\n')
    t:ended(t:spurn(PLAN), 0)
    t:equal(#lookups(emulator), 0)
end)

test "what was found is acted on, and is written down with the decision" (function(t)
    local emulator = set_up(t, {
        { sender = OURS, name = "kept", resources = DNS },
        { sender = STRANGER, name = "dns", resources = { { type = "route53resolver:ResolverRule", arn = 'arn:"1"' } } },
    }, DNS_GOES)
    local apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 1)
    t:equal(#program.rejections(emulator), 1)
    t:equal(#lookups(emulator), 1)
    local rows = t:sql("SELECT verdict, resources FROM decision ORDER BY seq")
    t:equal(#rows, 2)
    t:equal(rows[1], "keep|NULL")
    t:equal(rows[2], [=[reject|[{"arn":"arn:\"1\"","type":"route53resolver:ResolverRule"}]]=])
    t:ended(t:spurn("verify"), 0)
end)

test "a function that reads the resources gets them, and is asked once more" (function(t)
    local emulator = set_up(t, {
        { sender = STRANGER, name = "many", resources = { SUBNETS[1], DNS[1] } },
        { sender = STRANGER, name = "one", resources = SUBNETS },
        { sender = STRANGER, name = "short", resources = DNS },
    }, [[
reject "two things" (function (inv)
    if inv.name == "short" then
        return false
    end
    return #inv:resources() > 1 and inv:resources()[2].type == "route53resolver:ResolverRule"
end)
]])
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    local rows = by_name(plan)
    t:equal(rows.many.verdict, "reject")
    t:equal(rows.one.verdict, "none")
    t:equal(rows.short.verdict, "none")
    local calls, by_id = lookups(emulator)
    t:equal(#calls, 2)
    t:equal(by_id[rows.short.id], nil)
end)

test "every page counts" (function(t)
    local resources = {}
    for i = 1, 1000 do
        resources[i] = SUBNETS[1]
    end
    resources[1001] = DNS[1]
    local emulator = set_up(t, { { sender = STRANGER, resources = resources } }, DNS_GOES, nil,
        "--fault empty_pages:op=resources")
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    t:equal(plan.json.summary.reject, 1)
    t:equal(#lookups(emulator), 6)
    t:equal(plan.json.summary.lookups, 1)
end)

test "an invitation that is listed twice is asked about once" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, name = "n %d", resources = DNS, ["repeat"] = 501 } },
        'reject "the last of the page" (name "n 500" & resource_type "route53resolver:*")\n', nil,
        "--fault overlap:op=list --fault slow=1000:op=resources")
    local apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(#lookups(emulator), 1)
    t:equal(apply.json.summary.pending, 501)
    t:equal(apply.json.summary.rejected, 1)
    t:ended(t:spurn("verify"), 0)
end)

test "an invitation that somebody answered while it was looked up is not decided" (function(t)
    local id = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/3b3bc051-fbf6-4336-8377-06c559dfee49"
    local invitations = { { sender = STRANGER, name = "n %d", ["repeat"] = 499 },
        { sender = STRANGER, name = "wanted", id = id, resources = DNS }, { sender = STRANGER, name = "last" } }
    local emulator = set_up(t, invitations, 'reject "dns" (name "wanted" & resource_type "route53resolver:*")\n', nil,
        "--fault overlap:op=list --fault throttle=1:op=list:after=1:count=1 --fault slow=2500:op=resources")
    local process = t:daemon(APPLY)
    t:becomes(10, "a look-up", function() return lookups(emulator)[1] end)
    emulator.person(id, "reject")
    local report = ended_in_time(t, process, 20, 0)
    t:equal(report.summary.pending, 500)
    t:equal(program.count(report.decisions, "id", id), 0)
    t:equal(#program.rejections(emulator), 0)
    t:ended(t:spurn("verify"), 0)
end)

-- ---- when nobody can tell ----

local FAULTS <const> = {
    { "a refusal", "deny=AccessDenied", "allow these keys ram:ListPendingInvitationResources", calls = 1 },
    { "an unknown id", "deny=NotFound", "ResourceShareInvitationArnNotFoundException", calls = 1 },
    { "a server error", "status=500", "ServerInternalException", calls = 3 },
    { "a reply cut off", "truncate", "(several tries)", calls = 3 },
    { "broken JSON", "broken", "ListPendingInvitationResources", calls = 1 },
    { "a page of HTML", "html=200", "ListPendingInvitationResources", calls = 1 },
    { "a token that comes twice", "repeat_token", "sent the same page token twice", calls = 2 },
    { "what another share holds", "other_share", "holds another share's", calls = 1 },
}

for _, case in ipairs(FAULTS) do
    local what, fault, says, calls = case[1], case[2], case[3], case.calls
    test(what .. " leaves it pending, and is told") (function(t)
        local emulator = set_up(t, { { sender = STRANGER, name = "dns", resources = DNS } }, DNS_GOES, nil,
            ("--fault %s:op=resources"):format(fault))
        local apply = t:spurn(APPLY)
        t:ended(apply, 1, says)
        t:holds(apply.err, "shares is not known: ")
        t:equal(apply.json.targets[1].status, "listed")
        t:equal(apply.json.decisions[1].verdict, "undecided")
        t:equal(apply.json.summary.lookups, 1)
        t:equal(apply.json.summary.lookups_failed, 1)
        t:equal(#lookups(emulator), calls)
        t:equal(#program.rejections(emulator), 0)
        t:equal(t:sql("SELECT ifnull(resources, 'not asked') FROM decision")[1], "")
        emulator.fault {}
        apply = t:spurn(APPLY)
        t:ended(apply, 0)
        t:equal(apply.json.summary.rejected, 1)
        t:ended(t:spurn("verify"), 0)
    end)
end

test "a list that is far too long ends the look-up and nothing else" (function(t)
    local resources = {}
    for i = 1, 33000 do
        resources[i] = { type = "ec2:Subnet", arn = "a" }
    end
    set_up(t, { { sender = STRANGER, name = "long", resources = resources },
        { sender = STRANGER, name = "dns", resources = DNS } }, DNS_GOES)
    local plan = t:spurn(PLAN)
    t:ended(plan, 1, "the list of its resources holds more than 32768")
    local rows = by_name(plan)
    t:equal(rows.long.verdict, "undecided")
    t:equal(rows.dns.verdict, "reject")
    t:equal(plan.json.summary.lookups_failed, 1)
end)

test "keys that may not ask are told of once" (function(t)
    set_up(t, { { sender = STRANGER, resources = DNS, ["repeat"] = 5 } }, DNS_GOES, nil,
        "--fault deny=AccessDenied:op=resources")
    local plan = t:spurn(PLAN)
    t:ended(plan, 1)
    t:equal(select(2, plan.err:gsub("ram:ListPendingInvitationResources", "")), 1)
    t:equal(plan.json.summary.lookups_failed, 5)
    t:equal(plan.json.summary.undecided, 5)
    local table_plan = t:spurn("plan")
    t:holds(table_plan.out, "The resources of 5 invitations could not be listed")
end)

test "what keeps by its resources keeps when they are not known" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS } },
        'keep "subnets" (resource_type "ec2:Subnet")\nreject "everything" (always)\n', nil,
        "--fault deny=AccessDenied:op=resources")
    local apply = t:spurn(APPLY)
    t:ended(apply, 1)
    t:equal(apply.json.decisions[1].verdict, "undecided")
    t:equal(#program.rejections(emulator), 0)
    emulator.fault {}
    apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 1)
end)

test "throttling is waited for" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS } }, DNS_GOES, nil,
        "--fault throttle:op=resources:count=2")
    local apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 1)
    t:equal(#lookups(emulator), 3)
end)

test "one that was settled since it was listed is no failure" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, name = "gone", resources = DNS } }, DNS_GOES, nil,
        "--fault list_lag=600")
    emulator.person(t:spurn(PLAN).json.decisions[1].id, "reject")
    local plan = t:spurn(PLAN .. " --log-level info")
    t:ended(plan, 0, "ResourceShareInvitationAlreadyRejectedException")
    t:equal(plan.json.decisions[1].verdict, "undecided")
    t:equal(plan.json.summary.lookups_failed, 0)
end)

test "Alibaba Cloud lists no resources: nobody asks, and it is unknown" (function(t)
    local emulator = t:emulator(program.both({ { sender = STRANGER, resources = DNS } },
        { { sender = "9999999999999999", resources = DNS } }))
    t:folder {
        ["spurn.lua"] = program.config(emulator),
        ["policy.lua"] = 'reject "dns" (resource_type "route53resolver:*")\n',
    }
    local apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(apply.json.summary.lookups, 1)
    for _, row in ipairs(apply.json.decisions) do
        t:equal(row.verdict, row.cloud == "aws" and "reject" or "undecided")
    end
    t:equal(apply.json.summary.rejected, 1)
    t:equal(#program.rejections(emulator), 1)
end)

-- ---- how much is asked ----

test "past the limit resources are unknown, which is said once" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS, ["repeat"] = 3 } }, DNS_GOES, "lookups = 1")
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    t:equal(select(2, plan.err:gsub("limits.lookups = 1 is reached", "")), 1)
    t:equal(#lookups(emulator), 1)
    t:equal(plan.json.summary.reject, 1)
    t:equal(plan.json.summary.undecided, 2)
    t:equal(plan.json.summary.lookups, 1)
    t:equal(plan.json.summary.lookups_skipped, 2)
    t:holds(t:spurn("plan").out, "The resources of 2 invitations were not asked for: limits.lookups is reached.")
end)

test "a limit of none asks nobody" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS } }, DNS_GOES, "lookups = 0")
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    t:equal(#lookups(emulator), 0)
    t:equal(plan.json.summary.undecided, 1)
    t:equal(plan.json.summary.lookups_skipped, 1)
end)

test "the look-ups of one target leave most connections to the others" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS, ["repeat"] = 4 } }, DNS_GOES, "window = 4",
        "--fault slow=200:op=resources")
    t:ended(t:spurn(PLAN), 0)
    local calls = lookups(emulator)
    t:equal(#calls, 4)
    local function ms(entry)
        local minutes, seconds, rest = entry.at:match ":(%d+):(%d+)%.(%d+)Z$"
        return (minutes * 60 + seconds) * 1000 + rest
    end
    for i = 2, #calls do
        local apart_ms = (ms(calls[i]) - ms(calls[i - 1])) % 3600000
        t:truth(apart_ms >= 190, "one at a time, not " .. apart_ms .. " ms apart")
    end
end)

test "a target that fails takes its look-ups with it" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, name = "n %d", resources = DNS, ["repeat"] = 501 } },
        DNS_GOES, nil, "--fault deny=AccessDenied:op=list:after=1 --fault slow=1500:op=resources")
    local apply = t:spurn(APPLY)
    t:ended(apply, 1)
    t:equal(apply.json.targets[1].status, "failed")
    t:equal(#apply.json.decisions, 0)
    local calls = lookups(emulator)
    t:truth(#calls < 100, "look-ups to be dropped, not " .. #calls .. " of 200 made")
    t:equal(#program.rejections(emulator), 0)
    t:ended(t:spurn("verify"), 0)
end)

test "a stop waits for no look-up that is throttled" (function(t)
    local emulator = set_up(t, { { sender = STRANGER, resources = DNS } }, DNS_GOES, nil,
        "--fault throttle=60:op=resources")
    local process = t:daemon(APPLY)
    t:becomes(10, "a look-up", function() return lookups(emulator)[1] end)
    t:signal(process, "TERM")
    local report = ended_in_time(t, process, 10, 1)
    t:equal(report.summary.stopped, true)
    t:equal(#report.decisions, 0)
    emulator.fault {}
    local apply = t:spurn(APPLY)
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 1)
    t:ended(t:spurn("verify"), 0)
end)

-- ---- how rules fared ----

test "the report counts how each rule fared, and an invitation once" (function(t)
    set_up(t, {
        { sender = OURS, name = "kept", resources = DNS },
        { sender = STRANGER, name = "dns", resources = DNS },
        { sender = STRANGER, name = "subnet", resources = SUBNETS },
    }, DNS_GOES .. [[
reject "by hand" { function (inv) return inv.name == "dns" end, mode = "observe" }
]])
    local plan = t:spurn(PLAN)
    t:ended(plan, 0)
    local rules = {}
    for i, row in ipairs(plan.json.rules) do
        t:equal(row.policy, "policy")
        t:equal(row.line, i)
        t:equal(row.faults, 0)
        rules[row.rule] = row
    end
    t:equal(#plan.json.rules, 3)
    t:equal(rules.ours.keeps, true)
    t:equal(rules.ours.asked, 3)
    t:equal(rules.ours.held, 1)
    t:equal(rules.ours.decided, 1)
    t:equal(rules.dns.keeps, false)
    t:equal(rules.dns.held, 1)
    t:equal(rules.dns.undecided, 0)
    t:equal(rules.dns.decided, 1)
    t:equal(rules.dns.timed, 0)
    t:equal(rules["by hand"].observes, true)
    t:equal(rules["by hand"].held, 1)
    t:equal(rules["by hand"].decided, 0)
    t:truth(rules["by hand"].timed > 0, "some calls of the function to be timed")
    t:truth(rules["by hand"].time_ns > 0, "them to have taken some time")
end)

test "--rules shows it to people" (function(t)
    set_up(t, { { sender = OURS, name = "kept" }, { sender = STRANGER, name = "dns", resources = DNS } }, DNS_GOES)
    local plan = t:spurn("plan --rules")
    t:ended(plan, 0)
    t:holds(plan.out, "\nRules\n")
    t:truth(plan.out:find("policy/ours +keep +2 +1 +0 +1 +0\n"), "the keep rule's row in " .. plan.out)
    t:truth(plan.out:find("policy/dns +reject +%d +1 +0 +1 +0\n"), "the reject rule's row in " .. plan.out)
    t:lacks(t:spurn("plan").out, "Rules")
    t:holds(t:spurn("-c spurn.lua apply --yes --rules").out, "\nRules\n")
end)
