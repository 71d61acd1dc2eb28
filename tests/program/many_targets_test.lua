-- What people see of many targets: those that are alike share a row and a paragraph, and a narrow terminal loses
-- nothing that matters.
local estate = require "estate"
local program = require "program"
local test = program.test

local EVERYWHERE <const> = 'aws { accounts_file = "a.csv", role = "spurn", regions = "all", endpoint = "%s" }\n'
local AT_HOME <const> = 'aws { accounts_file = "a.csv", role = "spurn", regions = { "us-east-1" }, endpoint = "%s" }\n'

-- `count` accounts called "team 1" and so on; those of `broken` have a role that trusts somebody else.
local function teams(t, entry, count, broken)
    local scenario, lines = program.aws {}, { "account,label" }
    for number = 1, count do
        local id = estate.id("aws", number)
        local more = broken[number] and { roles = { { name = "spurn", trusts = { "333333333333" } } } }
        estate.add(scenario, "aws", id, more or nil)
        lines[#lines + 1] = ("%s,team %d"):format(id, number)
    end
    local emulator = t:emulator(scenario)
    estate.configure(t, entry:format(emulator.url), { ["a.csv"] = table.concat(lines, "\n") .. "\n" })
    return emulator
end

-- How often `part` stands in `text`.
local function times(text, part)
    local n, at = 0, 1
    while true do
        local first, last = text:find(part, at, true)
        if not first then
            return n
        end
        n, at = n + 1, last + 1
    end
end

test "an account that fails the same way in every region has one row and one paragraph" (function(t)
    teams(t, EVERYWHERE, 3, { [2] = true })
    local failing = estate.id("aws", 2)
    for _, command in ipairs { "doctor", "plan" } do
        local json = t:spurn(command .. " --format json").json
        local regions = program.count(json.targets, "account", failing)
        t:truth(regions > 30, "every region")
        t:equal(program.count(json.targets, "status", "failed"), regions)
        local shown = t:spurn(command)
        t:ended(shown, 1)
        local where = ("all %d regions"):format(regions)
        t:truth(shown.out:find(failing .. " +[^\n]*" .. where), "one row: " .. shown.out)
        t:holds(shown.out, ("\n  aws team 2 (%s), %s: cannot assume role"):format(failing, where))
        t:equal(times(shown.out, "cannot assume role"), 1, "paragraphs")
        t:equal(times(shown.out, where), 4, "a row for each account, and the paragraph")
        t:equal(times(shown.out, "us-west-2"), 0)

        local all = t:spurn(command .. " --all")
        t:equal(times(all.out, "us-west-2"), 3)
        t:equal(times(all.out, "cannot assume role"), 1, "paragraphs of --all")
        t:lacks(all.out, "more that")
    end
end)

test "up to three regions that fail the same way are named, and so is one of each kind" (function(t)
    local scenario = program.aws {}
    scenario.accounts[1].denied = { "reject" }
    for _, name in ipairs { "eu-west-1", "us-west-2" } do
        table.insert(scenario.accounts[1].regions, { name = name })
    end
    local emulator = t:emulator(scenario)
    local entry = 'aws { account = "%s", regions = { "us-east-1", "eu-west-1", "us-west-2"%s }, endpoint = "%s" }\n'
    estate.configure(t, entry:format(program.AWS_ACCOUNT, "", emulator.url))
    t:holds(t:spurn("doctor").out, ("\n  aws %s, 3 regions (us-east-1, eu-west-1, us-west-2): "):format(
        program.AWS_ACCOUNT))
    estate.configure(t, entry:format(program.AWS_ACCOUNT, ', "eu-west-3", "eu-west-2"', emulator.url))
    emulator.fault { "deny=AccessDenied:op=list:region=eu-west-2" }
    local doctor = t:spurn("doctor").out
    local account <const> = "\n  aws " .. program.AWS_ACCOUNT
    t:holds(doctor, account .. ", 4 regions (us-east-1, eu-west-1, us-west-2 and 1 more): ")
    t:holds(doctor, account .. " eu-west-2: ")
end)

test "the name of the region makes no difference in what is wrong" (function(t)
    local entry = 'aws { account = "111122223333", regions = { %s } }\n'
    local nowhere = { environment = program.KEYS .. " https_proxy=http://127.0.0.1:1" }
    estate.configure(t, entry:format '"us-east-1", "eu-west-1"')
    local targets = t:spurn("doctor --format json", nowhere).json.targets
    t:holds(targets[1].error, "no reply from https://ram.us-east-1.amazonaws.com")
    t:holds(targets[2].error, "no reply from https://ram.eu-west-1.amazonaws.com")
    local shown = t:spurn("doctor", nowhere).out
    t:holds(shown, "\n  aws 111122223333, 2 regions (us-east-1, eu-west-1): ")
    t:holds(shown, "no reply from https://ram.<region>.amazonaws.com")
    t:lacks(shown, "ram.eu-west-1")
    estate.configure(t, entry:format '"eu-west-1"')
    t:holds(t:spurn("doctor", nowhere).out, "no reply from https://ram.eu-west-1.amazonaws.com")
end)

test "of many targets those that are well are counted, and no empty table is drawn" (function(t)
    teams(t, AT_HOME, 25, { [7] = true })
    for command, words in pairs { doctor = "are well", plan = "were listed" } do
        local shown = t:spurn(command)
        t:ended(shown, 1)
        t:holds(shown.out, ("\n  and 24 more that %s; --all shows them\n"):format(words))
        t:holds(shown.out, estate.id("aws", 7))
        t:lacks(shown.out:match "^(.-)\n\n  aws", estate.id("aws", 8))
        t:holds(t:spurn(command .. " --all").out, estate.id("aws", 8))
    end
    t:holds(t:spurn("doctor").out, "\n1 of 25 targets cannot be swept as they are.\n")
    teams(t, AT_HOME, 25, {})
    for command, words in pairs { doctor = "are well", plan = "were listed" } do
        t:holds(t:spurn(command).out, ("Targets\n  all 25 %s; --all shows them\n"):format(words))
    end
end)

test "one target that fails is spoken of as one" (function(t)
    teams(t, AT_HOME, 1, { true })
    t:holds(t:spurn("doctor").out, "\n1 of 1 target cannot be swept as it is.\n")
end)

-- ---- narrow terminals ----

test "on 80 columns doctor has every target's keys and their owner, beneath its row" (function(t)
    local emulator = t:emulator(program.aws {})
    t:folder { [".aws/credentials"] = "[one]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n" }
    estate.configure(t, ('aws { profile = "one", label = "the first", regions = { "us-east-1" }, endpoint = "%s" }\n')
        :format(emulator.url))
    local narrow = t:at_terminal("doctor --color never").out:gsub("\r", "")
    t:truth(narrow:find("\n  aws 111122223333 +the first +us%-east%-1 +ok +yes +yes +yes\n" ..
        "      keys: profile one in ~/.aws/credentials\n      who:  arn:aws:iam::111122223333:"), narrow)
    for line in narrow:match("Targets\n(.-)\n\n"):gmatch "[^\n]+" do
        t:truth(#line <= 80, "80 columns: " .. line)
    end
    t:holds(narrow:gsub("\n +", " "), "/.aws/credentials holds secrets and can be read by others")
    local wide = t:at_terminal("doctor --color never", { columns = 200 }).out
    t:lacks(wide, "keys:")
    t:holds(wide, "profile one in ~/.aws/credentials  arn:aws:iam::111122223333:")
    t:holds(wide, "RESOURCES")
end)

test "on 80 columns what would be rejected is told with its region" (function(t)
    local scenario = program.aws {}
    scenario.accounts[1].regions = estate.regions("aws", { "us-east-1", "ap-southeast-1" })
    local emulator = t:emulator(scenario)
    local entry <const> = 'aws { account = "%s", regions = { "us-east-1", "ap-southeast-1" }, endpoint = "%s" }\n'
    estate.configure(t, entry:format(program.AWS_ACCOUNT, emulator.url))
    local narrow = t:at_terminal("plan --color never").out:match "To reject(.*)"
    t:holds(narrow, program.AWS_ACCOUNT .. "/us-east-1")
    t:holds(narrow, program.AWS_ACCOUNT .. "/ap-southeast-1")
    for line in narrow:gmatch "[^\r\n]+" do
        t:truth(#line <= 80, "80 columns: " .. line)
    end
    local wide = t:spurn("plan").out:match "To reject(.*)"
    t:truth(wide:find("aws " .. program.AWS_ACCOUNT .. "  ap%-southeast%-1  "), "the wide form: " .. wide)
end)

-- ---- check ----

test "check names the tags of an organization, and all regions by that word" (function(t)
    estate.configure(t, [[
aws { organization = { role = "spurn", tags = { env = "prod" } }, regions = "all" }
aws { role_arn = "arn:aws:iam::222233334444:role/spurn", regions = "all" }
]])
    local check = t:spurn "check"
    t:ended(check, 0)
    t:truth(check.out:find "every account of the organization with env = prod +all %(%d+%)", check.out)
    t:truth(check.out:find "\n  aws +222233334444 +all %(%d+%)", check.out)
    t:lacks(check.out, "us-west-2")
    t:holds(t:spurn("check --all").out, "us-west-2")
    local targets = t:spurn("check --format json").json.targets
    t:equal(targets[1].tags, "env = prod")
    t:holds(targets[1].region, "us-east-1, ")
    t:equal(targets[2].tags, require "cjson".null)
end)
