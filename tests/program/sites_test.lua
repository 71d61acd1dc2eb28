-- Many accounts: roles assumed from one profile's keys, whole organizations, keys that are renewed while in use.
local program = require "program"
local test = program.test

local HOSTILE <const> = { { sender = "999999999999", name = "x" } }
local POLICY <const> = 'policy "policy.lua"\n'

local function aws_id(number)
    return ("2%011d"):format(number)
end

local function alibaba_id(number)
    return ("2%015d"):format(number)
end

local function quoted(ids)
    return '{ "' .. table.concat(ids, '", "') .. '" }'
end

-- What was asked of the emulator: how often each operation ended in each way.
local function asked(emulator)
    local counts = {}
    for _, entry in ipairs(emulator.ledger()) do
        local key = entry.op .. " " .. entry.result
        counts[key] = (counts[key] or 0) + 1
    end
    return setmetatable(counts, { __index = function() return 0 end })
end

-- `count` accounts of AWS, each with a role that the usual account may assume, and one invitation; and their ids.
local function with_roles(scenario, count, role)
    local ids = {}
    for number = 1, count do
        ids[number] = aws_id(number)
        scenario.accounts[#scenario.accounts + 1] = { cloud = "aws", id = ids[number],
            roles = { role or { name = "spurn", trusts = { program.AWS_ACCOUNT } } },
            regions = { { name = "us-east-1", invitations = HOSTILE } } }
    end
    return ids
end

local function configure(t, text, more)
    local files = more or {}
    files["spurn.lua"] = 'journal = "spurn.db"\n' .. text .. POLICY
    files["policy.lua"] = program.REJECT_ALL
    t:folder(files)
end

local function failed(result)
    local rows = {}
    for _, row in ipairs(result.json.targets) do
        if row.status == "failed" then
            rows[#rows + 1] = row
        end
    end
    return rows
end

-- ---- roles ----

test "two hundred targets of both clouds in one sweep: three broken ones are named, the others done" (function(t)
    local scenario = program.both({}, {})
    local ids, others = with_roles(scenario, 120), {}
    for number = 1, 80 do
        others[number] = alibaba_id(number)
        scenario.accounts[#scenario.accounts + 1] = { cloud = "alibaba", id = others[number],
            roles = { { name = "spurn", trusts = { program.ALIBABA_ACCOUNT } } },
            regions = { { name = "cn-hangzhou", invitations = { { sender = "9999999999999999" } } } } }
    end
    local accounts = scenario.accounts
    accounts[2 + 7].roles[1].trusts = { "333333333333" }
    accounts[2 + 8].denied = { "list" }
    accounts[2 + 120 + 9].roles[1].name = "another"
    local emulator = t:emulator(scenario)
    configure(t, ('aws { accounts = %s, role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n' ..
        'alibaba { accounts = %s, role = "spurn", regions = { "cn-hangzhou" }, endpoint = "%s" }\n'):format(
        quoted(ids), emulator.url, quoted(others), emulator.alibaba["cn-hangzhou"]))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 1)
    t:equal(#plan.json.targets, 200)
    t:equal(program.count(plan.json.targets, "status", "listed"), 197)
    t:equal(plan.json.summary.pending, 197)
    local broken = failed(plan)
    t:equal(#broken, 3)
    t:equal(broken[1].account, aws_id(7))
    t:holds(broken[1].error, "cannot assume role arn:aws:iam::" .. aws_id(7) .. ":role/spurn")
    t:equal(broken[2].account, aws_id(8))
    t:holds(broken[2].error, "AccessDenied")
    t:equal(broken[3].account, alibaba_id(9))
    t:holds(broken[3].error, "cannot assume role acs:ram::" .. alibaba_id(9) .. ":role/spurn")
    for _, row in ipairs(broken) do
        t:holds(plan.err, row.error)
    end
    t:equal(asked(emulator)["identity ok"], 0, "whose the keys are, which every role says")
end)

test "what a role needs is sent, and one role is assumed once for all its regions" (function(t)
    local scenario = program.aws {}
    local role = { name = "path/spurn", trusts = { program.AWS_ACCOUNT }, external_id = "abc" }
    local id = with_roles(scenario, 1, role)[1]
    scenario.accounts[2].regions[2] = { name = "eu-west-1", invitations = HOSTILE }
    local emulator = t:emulator(scenario)
    local entry = 'aws { role_arn = "arn:aws:iam::%s:role/path/spurn", %s regions = { "us-east-1", "eu-west-1" }, ' ..
        'endpoint = "%s" }\n'
    configure(t, entry:format(id, 'external_id = "abc", session_name = "night-watch", ', emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(plan.json.summary.pending, 2)
    t:equal(asked(emulator)["assume ok"], 1)
    configure(t, entry:format(id, 'external_id = "abd", ', emulator.url))
    local wrong = t:spurn "plan --format json"
    t:ended(wrong, 1, "external id")
    t:equal(#failed(wrong), 2)
end)

test "a service that throttles, fails and drops connections while roles are assumed is asked again" (function(t)
    local scenario = program.aws {}
    local ids = with_roles(scenario, 20)
    local emulator = t:emulator(scenario)
    configure(t, ('aws { accounts = %s, role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
        quoted(ids), emulator.url))
    for _, fault in ipairs { "throttle", "status=503", "drop" } do
        emulator.fault { fault .. ":op=assume:count=10" }
        local plan = t:spurn "plan --format json"
        t:ended(plan, 0)
        t:equal(program.count(plan.json.targets, "status", "listed"), 20, fault)
    end
end)

-- ---- whose keys ----

local ORGANIZATION_OF <const> = 'aws { profile = "%s", organization = { role = "spurn" }, ' ..
    'regions = { "us-east-1" }, endpoint = "%s" }\n'

test "the account of the keys is asked for once, and a wrong one in the configuration is noticed by doctor" (function(t)
    local scenario = program.aws(HOSTILE)
    scenario.accounts[1].regions[2] = { name = "eu-west-1" }
    local emulator = t:emulator(scenario)
    local entry = 'aws { %s regions = { "us-east-1", "eu-west-1" }, endpoint = "%s" }\n'
    configure(t, entry:format("", emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(plan.json.targets[1].account, program.AWS_ACCOUNT)
    t:equal(asked(emulator)["identity ok"], 1)
    configure(t, entry:format('account = "999999999999",', emulator.url))
    local doctor = t:spurn "doctor --format json"
    t:ended(doctor, 1)
    t:holds(doctor.json.targets[1].error, "these keys are of account " .. program.AWS_ACCOUNT .. " (")
    t:holds(doctor.json.targets[1].error, "the configuration says 999999999999")
end)

test "when nobody says whose keys these are, the log does and the sweep goes on" (function(t)
    local emulator = t:emulator(program.aws(HOSTILE))
    emulator.fault { "deny=AccessDenied:op=identity" }
    configure(t, ('aws { regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0, "spurn.lua:2: nobody says which account this is; set account = \"...\"")
    t:holds(plan.err, "answered 403 AccessDenied")
    t:equal(select(2, plan.err:gsub("whose keys", "")), 1, "times: " .. plan.err)
    t:equal(plan.json.summary.pending, 1)
    t:holds(plan.out, '"account":null')
end)

test "two entries that turn out to be one account and region are refused before anything is done" (function(t)
    local emulator = t:emulator(program.aws(HOSTILE))
    local entry = ('aws { %%s regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url)
    configure(t, entry:format("") .. entry:format(('account = "%s",'):format(program.AWS_ACCOUNT)))
    t:ended(t:spurn "-c spurn.lua apply --yes", 2,
        "spurn.lua:3: this account and region of AWS RAM is the target of line 2 already")
    t:equal(#program.rejections(emulator), 0)
end)

local NAMED <const> = 'aws { profile = "%s", %s regions = { "us-east-1" }, endpoint = "%s" }\n'

-- Profiles one, two, ... of the accounts of the scenario, which get keys of their own.
local function with_profiles(scenario, names)
    local text = {}
    for i, name in ipairs(names) do
        scenario.accounts[i].keys = { { id = "AKID" .. name:upper(), secret = "secret" } }
        text[i] = ("[%s]\naws_access_key_id = AKID%s\naws_secret_access_key = secret\n"):format(name, name:upper())
    end
    return { [".aws/credentials"] = table.concat(text) }
end

test "targets that may be one account fail, with the cure; the others are swept, also by a daemon" (function(t)
    local scenario = program.aws(HOSTILE)
    local third = with_roles(scenario, 2)[2]
    local files = with_profiles(scenario, { "one", "two", "three" })
    local emulator = t:emulator(scenario)
    emulator.fault { "drop:op=identity" }
    local url = emulator.url
    configure(t, NAMED:format("one", "", url) .. NAMED:format("two", "", url) ..
        NAMED:format("three", ('account = "%s",'):format(third), url) .. 'daemon { every = "1h" }\n', files)
    local plan = t:spurn("plan --format json", { environment = " " })
    t:ended(plan, 1)
    t:equal(#plan.json.targets, 3, "rows")
    t:equal(plan.json.summary.targets_failed, 2)
    t:equal(plan.json.summary.pending, 1)
    local broken = failed(plan)
    local words = { { "spurn.lua:2 (profile one): ", "line 3;" }, { "spurn.lua:3 (profile two): ", "line 2;" } }
    for i, wants in ipairs(words) do
        t:equal(broken[i].error:sub(1, #wants[1]), wants[1])
        t:holds(broken[i].error, "nobody says whether this is the account of " .. wants[2])
        t:holds(broken[i].error, 'give each its account = "..."')
        t:holds(broken[i].error, "no reply from " .. url)
        t:holds(plan.err, broken[i].error)
    end
    t:ended(t:spurn "verify", 0)
    local daemon = t:daemon "daemon -c spurn.lua"
    t:becomes(15, "a rejection", function() return #program.rejections(emulator) == 1 end)
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 5), 0, "exit code")
    t:ended(t:spurn "-c spurn.lua verify", 0)
end)

test "each target whose account nobody knows has a row of its own, beside one that can be swept" (function(t)
    local scenario = program.aws(HOSTILE)
    local files = with_profiles(scenario, { "two" })
    local emulator = t:emulator(scenario)
    emulator.fault { "deny=AccessDenied:op=identity" }
    local url = emulator.url
    configure(t, NAMED:format("nobody", "", url) .. NAMED:format("two", "", url) .. NAMED:format("none", "", url) ..
        ORGANIZATION_OF:format("absent", url) .. ORGANIZATION_OF:format("absent", url), files)
    local function rows(result)
        t:ended(result, 1)
        t:equal(#result.json.targets, 5)
        t:equal(result.json.summary.targets, 5)
        t:equal(result.json.summary.targets_failed, 4)
        local broken = failed(result)
        t:equal(#broken, 4)
        for i, words in ipairs { "spurn.lua:2 (profile nobody): ", "spurn.lua:4 (profile none): ", "spurn.lua:5: ",
            "spurn.lua:6: " } do
            t:equal(broken[i].error:sub(1, #words), words)
            t:holds(result.err, broken[i].error)
        end
        t:equal(broken[3].label, "organization of profile absent")
        t:equal(result.json.summary.pending, 1)
    end
    rows(t:spurn("plan --format json", { environment = " " }))
    local apply = t:spurn("-c spurn.lua apply --yes --format json", { environment = " " })
    rows(apply)
    t:equal(apply.json.summary.rejected, 1)
    t:equal(#program.rejections(emulator), 1)
    t:ended(t:spurn "verify", 0)
end)

test "an STS that is silent is waited for 10 s, then named with the cure, and the target is swept" (function(t)
    local emulator, silent = t:emulator(program.aws(HOSTILE)), t:listener()
    local entry = 'aws { %s regions = { "us-east-1" }, endpoint = { ram = "%s", sts = "%s" } }\n'
    configure(t, entry:format("", emulator.url, silent.url))
    local began = os.time()
    local plan = t:spurn "plan --format json"
    t:truth(os.time() - began < 20, "an end within 20 s")
    t:ended(plan, 0, 'set account = "..."')
    t:holds(plan.err, "no reply from " .. silent.url)
    t:equal(plan.json.summary.pending, 1)
    t:equal(#silent.heard(), 2, "tries")
    configure(t, entry:format(('account = "%s",'):format(program.AWS_ACCOUNT), emulator.url, silent.url))
    began = os.time()
    local doctor = t:spurn "doctor --format json"
    t:truth(os.time() - began < 20, "an end within 20 s")
    t:ended(doctor, 0)
    local row = doctor.json.targets[1]
    t:equal(row.status, "well")
    t:equal(row.reject, "yes")
    t:equal(row.principal, require "cjson".null)
    t:holds(row.error, "no reply from " .. silent.url)
    t:lacks(row.error, "set account")
end)

test "an STS that throttles who asks whose keys these are is asked twice" (function(t)
    local emulator = t:emulator(program.aws(HOSTILE))
    emulator.fault { "throttle:op=identity" }
    configure(t, ('aws { regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0, "hrottl")
    local tries = 0
    for _, entry in ipairs(emulator.ledger()) do
        tries = tries + (entry.op == "identity" and 1 or 0)
    end
    t:equal(tries, 2)
end)

-- ---- what the log says ----

test "what fails is logged once for each account and cause, and what is skipped once for each sweep" (function(t)
    local scenario = program.aws {}
    local ids = with_roles(scenario, 5)
    local accounts = scenario.accounts
    accounts[2].roles[1].name = "another"
    accounts[3].denied = { "list" }
    for number = 4, 5 do
        table.insert(accounts[number].regions, { name = "af-south-1", opted_out = true })
    end
    table.insert(accounts[6].regions, { name = "me-south-1", opted_out = true })
    local emulator = t:emulator(scenario)
    configure(t, ('aws { accounts = %s, role = "spurn", regions = "all", endpoint = "%s" }\n'):format(
        quoted(ids), emulator.url))
    local plan = t:spurn "plan --format json --log-level info"
    t:ended(plan, 1)
    local errors, skipped = {}, {}
    for line in plan.err:gmatch "[^\n]+" do
        if line:find("error: ", 1, true) then
            errors[#errors + 1] = line
        elseif line:find("skipped", 1, true) then
            skipped[#skipped + 1] = line
        end
    end
    local regions = #plan.json.targets // 5
    t:truth(regions > 30, "every region")
    t:equal(plan.json.summary.targets_failed, 2 * regions)
    t:equal(#errors, 2, plan.err)
    t:holds(errors[1], ("AWS RAM in all %d regions of %s: cannot assume role"):format(regions, ids[1]))
    t:holds(errors[2], ("AWS RAM in all %d regions of %s: AWS RAM answered AccessDenied"):format(regions, ids[2]))
    t:equal(#skipped, 1, plan.err)
    t:holds(skipped[1], "af-south-1 (2 accounts)")
    t:holds(skipped[1], "me-south-1 (1 account)")
end)

-- ---- organizations ----

-- An organization of the usual account and ten others, the odd ones with env = prod, the ninth suspended.
local function organization(t, change)
    local scenario = program.aws(HOSTILE)
    local listed = { { id = program.AWS_ACCOUNT, name = "management", status = "ACTIVE", tags = { env = "prod" } } }
    for number, id in ipairs(with_roles(scenario, 10)) do
        local status = number == 9 and "SUSPENDED" or "ACTIVE"
        listed[#listed + 1] = { id = id, name = "account " .. number, status = status,
            tags = { env = number % 2 == 1 and "prod" or "test", team = "a", cost = "b", other = "c" } }
    end
    scenario.organization = { { cloud = "aws", management = program.AWS_ACCOUNT, accounts = listed } }
    if change then
        change(scenario)
    end
    return t:emulator(scenario)
end

local ORGANIZATION <const> = 'aws { organization = { role = "spurn"%s }, regions = { "us-east-1" }, endpoint = "%s" }\n'

test "each active account of an organization is swept through its role, the one that asks by itself" (function(t)
    local emulator = organization(t)
    configure(t, ORGANIZATION:format("", emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(#plan.json.targets, 10)
    t:equal(program.count(plan.json.targets, "status", "listed"), 10)
    t:equal(plan.json.targets[1].account, program.AWS_ACCOUNT)
    t:equal(plan.json.targets[1].label, "management")
    t:equal(plan.json.targets[2].account, aws_id(1))
    t:equal(plan.json.targets[2].label, "account 1")
    t:equal(asked(emulator)["assume ok"], 9)
    t:equal(asked(emulator)["tags ok"], 0)
end)

test "an organization of Alibaba Cloud is swept likewise, and its tags choose as well" (function(t)
    local scenario = program.both({}, {})
    local listed = {}
    for number = 1, 12 do
        local id = alibaba_id(number)
        listed[number] = { id = id, name = "account " .. number, tags = { env = number <= 3 and "prod" or "test" } }
        scenario.accounts[#scenario.accounts + 1] = { cloud = "alibaba", id = id,
            roles = { { name = "spurn", trusts = { program.ALIBABA_ACCOUNT }, external_id = "abc" } },
            regions = { { name = "cn-hangzhou", invitations = { { sender = "9999999999999999" } } } } }
    end
    scenario.organization = { { cloud = "alibaba", management = program.ALIBABA_ACCOUNT, accounts = listed } }
    local emulator = t:emulator(scenario)
    local entry = 'alibaba { organization = { role = "spurn", external_id = "abc"%s }, regions = { "cn-hangzhou" }, ' ..
        'endpoint = "%s" }\n'
    for options, count in pairs { [""] = 12, [', tags = { env = "prod" }'] = 3 } do
        configure(t, entry:format(options, emulator.alibaba["cn-hangzhou"]))
        local plan = t:spurn "plan --format json"
        t:ended(plan, 0)
        t:equal(plan.json.summary.pending, count)
        t:equal(program.count(plan.json.targets, "status", "listed"), count)
    end
end)

test "tags choose the accounts, and what another entry names is left to it" (function(t)
    local emulator = organization(t)
    local named = ('aws { role_arn = "arn:aws:iam::%s:role/spurn", label = "named", regions = { "us-east-1" }, ' ..
        'endpoint = "%s" }\n'):format(aws_id(3), emulator.url)
    configure(t, ORGANIZATION:format(', tags = { env = "prod", team = "a" }', emulator.url) .. named)
    emulator.fault { "throttle:op=tags:count=3", "status=500:op=accounts:count=1" }
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    local accounts = {}
    for i, row in ipairs(plan.json.targets) do
        accounts[i] = row.account .. " " .. (row.label or "")
    end
    t:equal(table.concat(accounts, ", "), table.concat({ aws_id(1) .. " account 1", aws_id(5) .. " account 5",
        aws_id(7) .. " account 7", aws_id(3) .. " named" }, ", "))
end)

test "an organization whose accounts are not known is one failed target that says what is needed" (function(t)
    local emulator = organization(t)
    local function run(options, fault, says, lacks, more)
        emulator.fault { fault }
        configure(t, ORGANIZATION:format(options, emulator.url) ..
            ('aws { role_arn = "arn:aws:iam::%s:role/spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
            aws_id(3), emulator.url) .. (more or ""))
        local plan = t:spurn "plan --format json"
        t:ended(plan, 1, says)
        t:equal(#plan.json.targets, 2, says)
        t:equal(program.count(plan.json.targets, "status", "listed"), 1, says)
        t:holds(failed(plan)[1].error, says)
        t:equal(failed(plan)[1].label, "organization")
        t:lacks(failed(plan)[1].error, lacks or "organizations:ListTagsForResource")
    end
    run("", "deny=AccessDenied:op=accounts", "organizations:ListAccounts")
    run("", "status=503:op=accounts", "ServiceUnavailableException", "it takes keys")
    run("", "repeat_token:op=accounts", "sent the same page token twice")
    run("", "empty_pages:op=accounts", "'s list has more than 1 pages; raise limits.pages if that is right", nil,
        "limits { pages = 1 }\n")
    run(', tags = { env = "prod" }', "deny=AccessDenied:op=tags", "organizations:ListTagsForResource",
        "organizations:ListAccounts")
    run(', tags = { env = "none" }', nil, "no active account of the organization has the tags env = none")
end)

-- ---- keys that end ----

test "keys of a role that live shorter than the listing are renewed ahead of their end" (function(t)
    local scenario = program.aws {}
    local id = with_roles(scenario, 1, { name = "spurn", trusts = { "*" }, session = "2s" })[1]
    scenario.accounts[2].regions[1].invitations = { { sender = "999999999999", name = "n%d", ["repeat"] = 6000 } }
    local emulator = t:emulator(scenario)
    emulator.fault { "slow=400:op=list" }
    configure(t, ('aws { role_arn = "arn:aws:iam::%s:role/spurn", regions = { "us-east-1" }, endpoint = "%s" }\n')
        :format(id, emulator.url))
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(plan.json.summary.pending, 6000)
    local counts = asked(emulator)
    t:truth(counts["assume ok"] > 1, "several sessions")
    t:equal(counts["GetResourceShareInvitations ExpiredTokenException"], 0)
end)

test "keys that a cloud takes for expired are fetched anew once, and then the call goes out again" (function(t)
    local scenario = program.aws {}
    local ids = with_roles(scenario, 2)
    local emulator = t:emulator(scenario)
    configure(t, ('aws { accounts = %s, role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
        quoted(ids), emulator.url))
    emulator.fault { "expired_token:op=list:count=1" }
    local plan = t:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(asked(emulator)["assume ok"], 3)
    emulator.fault { "expired_token:op=list" }
    t:ended(t:spurn "plan --format json", 1, "these keys have expired")
end)

-- ---- programs ----

test "more programs than run at a time give their keys, and one that fails is one failed target" (function(t)
    local regions = { "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3",
        "eu-central-1", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
        "ap-northeast-2", "ap-northeast-3", "sa-east-1", "ca-central-1", "eu-south-1", "me-south-1", "af-south-1" }
    local emulator = t:emulator(program.aws {})
    local profiles, entries = {}, {}
    for number, region in ipairs(regions) do
        local name = number == 7 and "bad" or "good"
        profiles[number] = ("[profile p%d]\ncredential_process = sh %s.sh\n"):format(number, name)
        entries[number] = ('aws { profile = "p%d", regions = { "%s" }, endpoint = "%s" }\n'):format(
            number, region, emulator.url)
    end
    configure(t, table.concat(entries), {
        [".aws/config"] = table.concat(profiles),
        ["good.sh"] = [[echo '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"secret"}']] .. "\n",
        ["bad.sh"] = "echo '{\"SecretAccessKey\":\"wJalrXUtnFEMIK7MDENG\"}'\nexit 3\n",
    })
    local plan = t:spurn("plan --format json --log-level debug", { environment = " " })
    t:ended(plan, 1, "exit code 3")
    t:equal(program.count(plan.json.targets, "status", "listed"), #regions - 1)
    t:equal(failed(plan)[1].region, "eu-west-3")
    t:lacks(plan.err .. plan.out, "wJalrXUtnFEMIK7MDENG")
end)

test "a stop while keys are looked for ends the sweep at once, and the program with it" (function(t)
    local emulator = t:emulator(program.aws {})
    configure(t, ('aws { profile = "slow", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(emulator.url), {
        [".aws/config"] = "[profile slow]\ncredential_process = sh slow.sh\n",
        ["slow.sh"] = "echo $$ >pid\nexec tail -f /dev/null\n",
    })
    local sweep = t:start(("%s/spurn plan"):format(program.build), "HOME=" .. t:folder())
    local pid = t:becomes(10, "the program", function()
        return tonumber((program.read_file(t:folder() .. "/pid") or ""):match "^(%d+)\n")
    end)
    t:signal(sweep, "TERM")
    t:await(sweep, 10)
    t:becomes(5, "the program's end", function() return not program.is_alive { pid = pid } end)
    t:holds(program.read_file(sweep.out), "the sweep was stopped before its keys were found")
end)
