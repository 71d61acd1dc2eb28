-- Many accounts in one sweep: named one by one, in files, or by their organization; some broken; all regions.
local cjson = require "cjson"
local estate = require "estate"
local program = require "program"
local test = program.test

local apply = estate.apply

local AWS_ENTRY <const> = 'aws { %s, regions = { "us-east-1" }, endpoint = "%s" }\n'
local ALIBABA_ENTRY <const> = 'alibaba { %s, regions = { "cn-hangzhou" }, endpoint = "%s" }\n'

-- ---- the whole ----

-- Both clouds, whose first keys come from containers, so that it shows how often they are fetched.
local function contained(scenario)
    scenario.accounts[1].keys, scenario.accounts[2].keys = nil, nil
    scenario.containers = {
        { cloud = "aws", path = "/first", account = program.AWS_ACCOUNT, role = "first" },
        { cloud = "alibaba", path = "/first", account = program.ALIBABA_ACCOUNT, role = "first" },
    }
    return scenario
end

local function contained_environment(emulator)
    return ("AWS_CONTAINER_CREDENTIALS_FULL_URI=%s/first ALIBABA_CLOUD_CREDENTIALS_URI=%s/first " ..
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"):format(emulator.url, emulator.alibaba["cn-hangzhou"])
end

test "of 200 targets three are broken, each in its own way: 197 are done, three named, exit code 1" (function(t)
    local scenario = contained(program.both({}, {}))
    local twice = { regions = estate.regions("aws", { "us-east-1", "eu-west-1" }) }
    for number = 1, 110 do
        estate.add(scenario, "aws", estate.id("aws", number), number > 100 and twice or nil)
    end
    for number = 1, 80 do
        local away = { regions = estate.regions("alibaba", { "cn-shanghai" }) }
        estate.add(scenario, "alibaba", estate.id("alibaba", number), number == 80 and away or nil)
    end
    local untrusting, denied, silent = estate.id("aws", 7), estate.id("aws", 70), estate.id("alibaba", 80)
    scenario.accounts[2 + 7].roles[1].trusts = { "333333333333" }
    scenario.accounts[2 + 70].denied = { "list" }
    local emulator = t:emulator(scenario, "--fault drop:op=list:region=cn-shanghai")
    local home = emulator.alibaba["cn-hangzhou"]
    estate.configure(t, AWS_ENTRY:format('accounts_file = "aws.csv", role = "spurn"', emulator.url) ..
        ('aws { accounts = %s, role = "spurn", regions = { "us-east-1", "eu-west-1" }, endpoint = "%s" }\n'):format(
            estate.quoted(estate.ids("aws", 101, 110)), emulator.url) ..
        ALIBABA_ENTRY:format('accounts_file = "alibaba.json", role = "spurn"', home) ..
        ('alibaba { role_arn = "acs:ram::%s:role/spurn", regions = { "cn-shanghai" }, endpoint = { ' ..
            'resourcesharing = "%s", sts = "%s", sso = "%s" } }\n'):format(
            silent, emulator.alibaba["cn-shanghai"], home, home), {
        ["aws.csv"] = "account\n" .. table.concat(estate.ids("aws", 1, 100), "\n") .. "\n",
        ["alibaba.json"] = cjson.encode(estate.ids("alibaba", 1, 79)),
    })
    local options = { environment = contained_environment(emulator) }
    local result = apply(t, options)
    t:ended(result, 1)
    t:equal(#result.json.targets, 200)
    t:equal(#estate.targets(result, "listed"), 197)
    t:equal(result.json.summary.targets_failed, 3)
    for account, why in pairs {
        [untrusting] = "cannot assume role arn:aws:iam::" .. untrusting .. ":role/spurn",
        [denied] = "allow these keys ram:GetResourceShareInvitations",
        [silent] = "no reply from " .. emulator.alibaba["cn-shanghai"],
    } do
        local row = estate.target(result, account)
        t:equal(row.status, "failed", account)
        t:holds(row.error, why)
        t:holds(result.err, account)
        t:holds(result.err, row.error)
        t:equal(estate.asked(emulator, { account = account })["RejectResourceShareInvitation ok"], 0)
    end
    estate.rejected(t, emulator, result, 197)
    t:equal(t:sql("SELECT count(*) FROM outcome WHERE result = 'rejected'")[1], "197", "in the journal")

    local counts = estate.asked(emulator)
    t:equal(counts["container ok"], 2, "first keys, once for each cloud")
    t:equal(counts["identity ok"], 0, "whose the keys are, which every role says")
    t:equal(counts["assume ok"], 189, "roles")
    for _, account in ipairs { untrusting, estate.id("aws", 1), estate.id("aws", 105) } do
        local arn = "arn:aws:iam::" .. account .. ":role/spurn"
        local each = estate.asked(emulator, { id = arn })
        t:equal(each["assume ok"] + each["assume AccessDenied"], 1, "times that " .. arn .. " was asked for")
    end
    local again = apply(t, options)
    t:ended(again, 1)
    t:equal(again.json.summary.rejected, 0)
    t:equal(#program.rejections(emulator), 197)
end)

-- ---- files of accounts ----

-- The usual account and three others, each with a role of its own that wants an external id of its own.
local function three(t)
    local scenario = program.aws { { sender = "999999999999", name = "at home" } }
    for number, role in ipairs { "spurn", "team/spurn", "spurn" } do
        estate.add(scenario, "aws", estate.id("aws", number), { roles = { { name = role,
            trusts = { program.AWS_ACCOUNT }, external_id = number > 1 and "ext-" .. number or nil } } })
    end
    return t:emulator(scenario)
end

local CSV <const> = [[
account,label,role,external_id
200000000001,payments,,
200000000002,"data, eu",team/spurn,ext-2

200000000003,"a ""quoted"" one",,ext-3
111122223333,home,-,
]]
local JSON <const> = [=[[
  "200000000001",
  {"account": "200000000002", "label": "data, eu", "role": "team/spurn", "external_id": "ext-2"},
  {"account": "200000000003", "label": "a \"quoted\" one", "external_id": "ext-3"},
  {"account": "111122223333", "label": "home", "role": "-"}
]]=]

for _, case in ipairs { { "lists/accounts.csv", CSV }, { "lists/accounts.json", JSON } } do
    local path, text = table.unpack(case)
    test("each line of " .. path .. " has its own role and external id, and '-' means the keys as they are")(function(t)
        local emulator = three(t)
        estate.configure(t, AWS_ENTRY:format(('accounts_file = "%s", role = "spurn"'):format(path), emulator.url),
            { [path] = text })
        local result = apply(t)
        t:ended(result, 0)
        t:equal(#estate.targets(result, "listed"), 4)
        t:equal(estate.target(result, "200000000002").label, "data, eu")
        t:equal(estate.target(result, "200000000003").label, 'a "quoted" one')
        t:equal(estate.target(result, program.AWS_ACCOUNT).label, "home")
        estate.rejected(t, emulator, result, 4)
        t:equal(estate.asked(emulator)["assume ok"], 3)
    end)
end

test "keys as they are, of another account than their line says, fail that line and nothing else" (function(t)
    local emulator = three(t)
    estate.configure(t, AWS_ENTRY:format('accounts_file = "a.csv", role = "spurn"', emulator.url),
        { ["a.csv"] = "account,role\n200000000001,\n200000000002,-\n" })
    local result = apply(t)
    t:ended(result, 1)
    t:equal(estate.target(result, "200000000001").status, "listed")
    local wrong = estate.target(result, "200000000002")
    t:equal(wrong.status, "failed")
    t:holds(wrong.error, program.AWS_ACCOUNT)
    estate.rejected(t, emulator, result, 1)
    t:equal(estate.asked(emulator, { account = program.AWS_ACCOUNT })["RejectResourceShareInvitation ok"], 0)
end)

-- ---- twice the same ----

local ROLE <const> = 'role_arn = "arn:aws:iam::200000000001:role/spurn"'
local DUPLICATES <const> = {
    { "a line of a file", { 'accounts_file = "a.csv", role = "spurn"' },
        { ["a.csv"] = "account\n200000000001\n200000000002\n200000000001\n" },
        "a.csv:4: this account was there before, in line 2" },
    { "an item of a file", { 'accounts_file = "a.json", role = "spurn"' },
        { ["a.json"] = '["200000000001", "200000000002", "200000000002"]' },
        "a.json: item 3: this account was there before, in item 2" },
    { "two targets", { ROLE, 'account = "200000000001"' }, {},
        "spurn.lua:3: us-east-1 is named twice for account 200000000001, first on line 2" },
    { "a target and a file", { ROLE, 'accounts_file = "a.csv", role = "spurn"' },
        { ["a.csv"] = "account\n200000000002\n200000000001\n" },
        "spurn.lua:3: us-east-1 is named twice for account 200000000001, first on line 2" },
    { "a list", { 'accounts = { "200000000001", "200000000001" }, role = "spurn"' }, {},
        "spurn.lua:2: us-east-1 is named twice for account 200000000001" },
}
for _, case in ipairs(DUPLICATES) do
    local what, entries, files, says = table.unpack(case)
    test("the same account twice in " .. what .. " ends with 2, names both places, and asks nobody")(function(t)
        local emulator = three(t)
        local lines = {}
        for i, entry in ipairs(entries) do
            lines[i] = AWS_ENTRY:format(entry, emulator.url)
        end
        estate.configure(t, table.concat(lines), files)
        for _, command in ipairs { "check", "plan", "-c spurn.lua apply --yes" } do
            t:ended(t:spurn(command), 2, says)
        end
        t:equal(#emulator.ledger(), 0)
    end)
end

test "two targets that turn out to be one account and region end with 2, and both lines are named" (function(t)
    local emulator = three(t)
    estate.configure(t, AWS_ENTRY:format('profile = "one"', emulator.url) .. AWS_ENTRY:format('profile = "two"',
        emulator.url), { [".aws/credentials"] = "[one]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = " ..
        "secret\n[two]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n" })
    t:ended(apply(t), 2, "spurn.lua:3: this account and region of AWS RAM is the target of line 2 already")
    t:equal(#program.rejections(emulator), 0)
end)

-- ---- organizations ----

-- Adds an organization of `count` accounts and the usual one: number 4 is suspended; even ones have env = prod, those
-- that can be divided by four tier = 1 as well; every one has tags that nobody asks for.
local function organize(scenario, cloud, count, over)
    local home = cloud == "aws" and program.AWS_ACCOUNT or program.ALIBABA_ACCOUNT
    local listed = { { id = home, name = "management", tags = { env = "prod", tier = "1" } } }
    for number = 1, count do
        local id = estate.id(cloud, number)
        estate.add(scenario, cloud, id)
        local tags = { env = number % 2 == 0 and "prod" or "test", tier = number % 4 == 0 and "1" or "2",
            a = "1", b = "2", c = "3", d = "4" }
        listed[#listed + 1] = { id = id, name = "account " .. number, status = number == 4 and over or nil,
            tags = tags }
    end
    scenario.organization = scenario.organization or {}
    table.insert(scenario.organization, { cloud = cloud, management = home, accounts = listed })
end

-- An organization of 24 accounts in each cloud.
local function organizations(t)
    local scenario = program.both({ { sender = "999999999999" } }, { { sender = "9999999999999999" } })
    organize(scenario, "aws", 24, "SUSPENDED")
    organize(scenario, "alibaba", 24, "Deleted")
    return t:emulator(scenario)
end

local ORGANIZATION <const> = 'organization = { role = "spurn"%s }'

local function configure_organizations(t, emulator, options, more)
    local whose = ORGANIZATION:format(options)
    estate.configure(t, AWS_ENTRY:format(whose, emulator.url) ..
        ALIBABA_ENTRY:format(whose, emulator.alibaba["cn-hangzhou"]) .. (more or ""))
end

test "all active accounts of organizations are swept, page after page, the one that asks by itself" (function(t)
    local emulator = organizations(t)
    configure_organizations(t, emulator, "")
    local result = apply(t)
    t:ended(result, 0)
    t:equal(#result.json.targets, 2 * 24)
    t:equal(#estate.targets(result, "listed"), 2 * 24)
    t:equal(estate.target(result, estate.id("aws", 4)), nil)
    t:equal(estate.target(result, estate.id("alibaba", 4)), nil)
    t:equal(estate.target(result, program.AWS_ACCOUNT).label, "management")
    t:equal(estate.target(result, estate.id("alibaba", 24)).label, "account 24")
    estate.rejected(t, emulator, result, 2 * 24)
    local counts = estate.asked(emulator)
    t:truth(counts["accounts ok"] > 2, "several pages")
    t:equal(counts["assume ok"], 2 * 23)
    for _, entry in ipairs(emulator.ledger()) do
        if entry.account == program.AWS_ACCOUNT or entry.account == program.ALIBABA_ACCOUNT then
            t:truth(entry.who:find "EXAMPLE$", "the usual keys, not " .. entry.who)
        end
    end
end)

test "tags choose among the accounts of an organization, and all of them count" (function(t)
    local emulator = organizations(t)
    configure_organizations(t, emulator, ', tags = { env = "prod", tier = "1" }')
    local result = apply(t)
    t:ended(result, 0)
    for _, cloud in ipairs { "aws", "alibaba" } do
        for number = 1, 24 do
            local row = estate.target(result, estate.id(cloud, number))
            t:equal(row ~= nil, number % 4 == 0 and number ~= 4, cloud .. " " .. number)
        end
    end
    estate.rejected(t, emulator, result, 2 * (1 + 5))
end)

test "a target that names an account of the organization itself has it, whichever stands first" (function(t)
    local emulator = organizations(t)
    local role = 'role_arn = "arn:aws:iam::%s:role/spurn", session_name = "own", label = "own"'
    local own = AWS_ENTRY:format(role:format(estate.id("aws", 2)), emulator.url)
    local whole = AWS_ENTRY:format(ORGANIZATION:format "", emulator.url)
    for _, entries in ipairs { own .. whole, whole .. own } do
        estate.configure(t, entries)
        local plan = t:spurn "plan --format json"
        t:ended(plan, 0)
        t:equal(#plan.json.targets, 24)
        t:equal(program.count(plan.json.targets, "account", estate.id("aws", 2)), 1)
        t:equal(estate.target(plan, estate.id("aws", 2)).label, "own")
    end
end)

test "an organization that may not be asked is one failed target; the other targets are swept" (function(t)
    local emulator = organizations(t)
    local role = ('role_arn = "arn:aws:iam::%s:role/spurn"'):format(estate.id("aws", 2))
    configure_organizations(t, emulator, "", AWS_ENTRY:format(role, emulator.url))
    emulator.fault { "deny=AccessDenied:op=accounts:region=us-east-1" }
    local result = apply(t)
    t:ended(result, 1)
    t:equal(#result.json.targets, 1 + 24 + 1)
    local failed = estate.targets(result, "failed")
    t:equal(#failed, 1)
    t:equal(failed[1].cloud, "aws")
    t:holds(failed[1].error, "cannot list the accounts of the organization")
    t:holds(failed[1].error, "organizations:ListAccounts")
    t:holds(result.err, failed[1].error)
    estate.rejected(t, emulator, result, 24 + 1)
end)

-- ---- every region ----

local HOME <const> = 'aws { account = "' .. program.AWS_ACCOUNT .. '", %s regions = "all", endpoint = "%s" }\n'

-- One account with an invitation in each of `open`, that has not opted in to `closed`.
local function everywhere(t, open, closed)
    local scenario = program.aws {}
    scenario.accounts[1].regions = estate.regions("aws", open)
    for _, name in ipairs(closed) do
        table.insert(scenario.accounts[1].regions, { name = name, opted_out = true })
    end
    return t:emulator(scenario)
end

test "of every region those that are closed to the account are skipped with a note, and the rest is swept" (function(t)
    local closed = { "af-south-1", "ap-east-1", "eu-south-2", "me-central-1" }
    local emulator = everywhere(t, { "us-east-1", "eu-west-1", "il-central-1" }, closed)
    estate.configure(t, HOME:format("", emulator.url))
    local result = apply(t)
    t:ended(result, 0)
    t:truth(#result.json.targets > 30, "every region of the partition")
    t:equal(#estate.targets(result, "skipped"), #closed)
    t:equal(result.json.summary.targets_failed, 0)
    for _, region in ipairs(closed) do
        local row = estate.target(result, program.AWS_ACCOUNT, region)
        t:equal(row.status, "skipped")
        t:equal(row.error, "the account has not opted in to this region")
    end
    estate.rejected(t, emulator, result, 3)
end)

test "us-east-1 is never skipped: keys that are refused there are a failure" (function(t)
    local emulator = everywhere(t, { "eu-west-1" }, { "us-east-1", "af-south-1" })
    estate.configure(t, HOME:format("", emulator.url))
    local result = apply(t)
    t:ended(result, 1)
    t:equal(estate.target(result, program.AWS_ACCOUNT, "us-east-1").status, "failed")
    t:equal(estate.target(result, program.AWS_ACCOUNT, "af-south-1").status, "skipped")
    estate.rejected(t, emulator, result, 1)
end)

local PARTITIONS <const> = {
    { "aws-cn", { "cn-north-1", "cn-northwest-1" }, "cn-northwest-1" },
    { "aws-us-gov", { "us-gov-east-1", "us-gov-west-1" }, "us-gov-west-1" },
    { "aws-eusc", { "eusc-de-east-1" }, "eusc-de-east-1" },
}
for _, case in ipairs(PARTITIONS) do
    local partition, regions, home = table.unpack(case)
    test("every region of a role in " .. partition .. " is that partition's, and STS is asked in " .. home)(function(t)
        local scenario = program.aws {}
        local id = estate.id("aws", 1)
        estate.add(scenario, "aws", id, { regions = estate.regions("aws", regions) })
        local emulator = t:emulator(scenario)
        local entry = 'aws { role_arn = "arn:%s:iam::%s:role/spurn", regions = "all", endpoint = "%s" }\n'
        estate.configure(t, entry:format(partition, id, emulator.url))
        local result = apply(t)
        t:ended(result, 0)
        t:equal(#result.json.targets, #regions)
        for _, region in ipairs(regions) do
            t:equal(estate.target(result, id, region).status, "listed")
        end
        estate.rejected(t, emulator, result, #regions)
        for _, call in ipairs(emulator.ledger()) do
            if call.op == "assume" then
                t:equal(call.region, home)
            end
        end
    end)
end

-- ---- whose keys these really are ----

local OTHER <const> = "444455556666"
local SOURCES <const> = {
    { "say nothing", program.KEYS, "" },
    { "name their account", ("AWS_ACCOUNT_ID=%s %s"):format(program.AWS_ACCOUNT, program.KEYS),
        "these keys are of account" },
}
for _, case in ipairs(SOURCES) do
    local what, environment, says = table.unpack(case)
    test("keys of another account than the configuration says reject nothing, when they " .. what)(function(t)
        local emulator = t:emulator(program.both({ { sender = "999999999999" } }, { { sender = "9999999999999999" } }))
        estate.configure(t, AWS_ENTRY:format(('account = "%s"'):format(OTHER), emulator.url) ..
            ALIBABA_ENTRY:format(('account = "%s"'):format(program.ALIBABA_ACCOUNT), emulator.alibaba["cn-hangzhou"]))
        local result = apply(t, { environment = environment })
        t:ended(result, 1)
        local row = estate.target(result, OTHER)
        t:equal(row.status, "failed")
        t:holds(row.error, says)
        t:holds(row.error, program.AWS_ACCOUNT)
        t:equal(estate.asked(emulator, { cloud = "aws" })["RejectResourceShareInvitation ok"], 0)
        estate.rejected(t, emulator, result, 1)
    end)
end

test "nor do keys of another account at Alibaba Cloud" (function(t)
    local emulator = t:emulator(program.both({ { sender = "999999999999" } }, { { sender = "9999999999999999" } }))
    estate.configure(t, AWS_ENTRY:format(('account = "%s"'):format(program.AWS_ACCOUNT), emulator.url) ..
        ALIBABA_ENTRY:format('account = "4444555566667777"', emulator.alibaba["cn-hangzhou"]))
    local result = apply(t)
    t:ended(result, 1)
    local row = estate.target(result, "4444555566667777")
    t:equal(row.status, "failed")
    t:holds(row.error, program.ALIBABA_ACCOUNT)
    t:equal(estate.asked(emulator, { cloud = "alibaba" })["RejectResourceShareInvitation ok"], 0)
    estate.rejected(t, emulator, result, 1)
end)

test "an account that contradicts its role is refused before anything is asked" (function(t)
    local emulator = three(t)
    estate.configure(t, AWS_ENTRY:format(('account = "%s", role_arn = "arn:aws:iam::200000000001:role/spurn"'):format(
        OTHER), emulator.url))
    t:ended(apply(t), 2, "account is 444455556666, but role_arn is of account 200000000001")
    t:equal(#emulator.ledger(), 0)
end)
