-- keys_aws.lua - the ways by which AWS's own tools come to keys, each set up as those tools leave it, with others' keys
-- in every place that comes later: they are there to be left alone.
local program = require "program"

local keys_aws = {}

local HOME <const>, AWAY <const>, MIDDLE <const> = program.AWS_ACCOUNT, "222233334444", "333344445555"
local DECOY <const> = "555566667777"
keys_aws.HOME, keys_aws.AWAY, keys_aws.MIDDLE, keys_aws.DECOY = HOME, AWAY, MIDDLE, DECOY

local HOME_SECRET <const> = "wJalrXUtnFEMIK7MDENGbPxRfiCYHOME"
local SESSION_TOKEN <const> = "IQoJb3JpZ2luX2VjEJrHOMESESSION"
local WEB_TOKEN <const> = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzcHVybiJ9.c2lnbmVk"
local OLD_WEB_TOKEN <const> = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvbGQifQ.c2lnbmVk"
local POD_TOKEN <const> = "Bearer pod-identity-8fae4c7b"
local PORTAL_TOKEN <const> = "aoaAAAAAGVyPortalTokenOfAPerson"
local SSO_SESSION_NAME <const> = "people"
local START_URL <const> = "https://d-0123456789.awsapps.com/start"

keys_aws.OLD_WEB_TOKEN = OLD_WEB_TOKEN

-- ---- the world ----

local function account(id, name, more)
    local said = { cloud = "aws", id = id, regions = { { name = "us-east-1",
        invitations = { { sender = "999999999999", name = name } } } } }
    for key, value in pairs(more or {}) do
        said[key] = value
    end
    return said
end

-- Who is there. The decoy's keys work everywhere: whoever uses them is seen in the ledger.
function keys_aws.world()
    return { schema = 1, accounts = {
        account(HOME, "home", {
            keys = { { id = "AKIDHOME", secret = HOME_SECRET },
                { id = "ASIAHOMESESSION", secret = HOME_SECRET, token = SESSION_TOKEN } },
            roles = { { name = "machine" }, { name = "reader" } },
        }),
        account(AWAY, "away", { roles = {
            { name = "spurn", trusts = { HOME, MIDDLE } },
            { name = "team/asks", trusts = { HOME }, external_id = "say-something" },
            { name = "web", web_identity = { WEB_TOKEN, "expired:" .. OLD_WEB_TOKEN } },
        } }),
        account(MIDDLE, "middle", { roles = { { name = "middle", trusts = { HOME } } } }),
        account(DECOY, "decoy", { keys = { { id = "AKIDDECOY", secret = "wJalrXUtnFEMIK7MDENGbDECOY" } },
            roles = { { name = "decoy", trusts = { "*" }, web_identity = { WEB_TOKEN } } } }),
    },
        instance = { aws = { account = DECOY, role = "decoy" } },
        containers = {
            { cloud = "aws", path = "/decoy", account = DECOY, role = "decoy" },
            { cloud = "aws", path = "/v1/credentials", account = HOME, role = "machine", authorization = POD_TOKEN },
            { cloud = "aws", path = "/v2/credentials/8fae", account = HOME, role = "machine" },
        },
        sso = { { cloud = "aws", token = PORTAL_TOKEN, accounts = { { account = HOME, role = "reader" } } } },
    }
end

local function with_instance(tokens)
    return function(world)
        world.instance.aws = { account = HOME, role = "machine", tokens = tokens }
    end
end

-- ---- what stands in the places that come later ----

local DECOY_KEYS <const> = "aws_access_key_id = AKIDDECOY\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbDECOY\n"
local DECOY_VARIABLES <const> = "AWS_ACCESS_KEY_ID=AKIDDECOY AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbDECOY "
local DECOY_CONTAINER <const> = "AWS_CONTAINER_CREDENTIALS_FULL_URI=%(url)/decoy "
local DECOY_INSTANCE <const> = "AWS_EC2_METADATA_SERVICE_ENDPOINT=%(url) "
local DECOYS <const> = DECOY_VARIABLES .. DECOY_CONTAINER .. DECOY_INSTANCE

-- ---- what the tools write ----

local HOME_KEYS <const> = "aws_access_key_id = AKIDHOME\naws_secret_access_key = " .. HOME_SECRET .. "\n"
local HOME_VARIABLES <const> = "AWS_ACCESS_KEY_ID=AKIDHOME AWS_SECRET_ACCESS_KEY=" .. HOME_SECRET .. " "
local SPURN_ROLE <const> = "arn:aws:iam::" .. AWAY .. ":role/spurn"
local WEB_ROLE <const> = "arn:aws:iam::" .. AWAY .. ":role/web"
local MIDDLE_ROLE <const> = "arn:aws:iam::" .. MIDDLE .. ":role/middle"
keys_aws.SPURN_ROLE = SPURN_ROLE

local function profile(text)
    return "[default]\n" .. DECOY_KEYS .. "\n[profile prod]\nregion = us-east-1\noutput = json\n" .. text
end

local function role_with(source)
    return profile("role_arn = " .. SPURN_ROLE .. "\n" .. source .. "\n")
end

-- As `aws sso login` leaves it: with a session's name the file is named by it, else by the start URL.
local function login(more)
    return ('{"startUrl": "%s", "region": "us-east-1", "accessToken": "%s", "expiresAt": "%s"%s}'):format(
        START_URL, PORTAL_TOKEN, os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 3600), more or "")
end
keys_aws.login = login

local SESSION_CACHE <const> = ".aws/sso/cache/%(sha1 of session).json"
local SSO_SESSION <const> = "\n[sso-session " .. SSO_SESSION_NAME .. "]\nsso_start_url = " .. START_URL ..
    "\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n"
local SSO_ROLE <const> = "sso_account_id = " .. HOME .. "\nsso_role_name = reader\n"

keys_aws.PROGRAM = [[#!/bin/sh
printf '{"Version": 1, "AccessKeyId": "AKIDHOME", "SecretAccessKey": "%s"}\n' "$1"
]]

-- Each: the `entry` of the configuration (profile and the like), files below HOME, environment; then whose keys come of
-- it, what doctor says of them, and what was asked for on the way. "%(url)" is the emulator's, "%(home)" the folder.
-- `key`: the id, else it is one that was handed out. `lead`: how an error of its own begins.
local PROFILE <const> = 'profile = "prod", '
local AWAY_ARN <const> = "arn:aws:sts::" .. AWAY .. ":assumed-role/spurn/"
local MACHINE_ARN <const> = "arn:aws:sts::" .. HOME .. ":assumed-role/machine/"

keys_aws.sources = {
    ["environment"] = {
        environment = HOME_VARIABLES .. DECOY_CONTAINER .. DECOY_INSTANCE,
        files = { [".aws/credentials"] = "[default]\n" .. DECOY_KEYS },
        account = HOME, key = "AKIDHOME", source = "environment variables", who = ":user/emulated",
        calls = { identity = 1 },
    },
    ["environment with a session"] = {
        environment = "AWS_ACCESS_KEY_ID=ASIAHOMESESSION AWS_SECRET_ACCESS_KEY=" .. HOME_SECRET ..
            " AWS_SESSION_TOKEN=" .. SESSION_TOKEN .. " " .. DECOY_CONTAINER .. DECOY_INSTANCE,
        account = HOME, key = "ASIAHOMESESSION", source = "environment variables", who = ":user/emulated",
        calls = { identity = 1 },
    },
    ["credentials file"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/credentials"] = "[default]\n" .. DECOY_KEYS .. "\n[prod]\n" .. HOME_KEYS,
            [".aws/config"] = profile(DECOY_KEYS) },
        account = HOME, key = "AKIDHOME", source = "profile prod in %(home)/.aws/credentials", who = ":user/emulated",
        calls = { identity = 1 },
    },
    ["default profile"] = {
        environment = DECOY_CONTAINER .. DECOY_INSTANCE,
        files = { [".aws/credentials"] = "[default]\n" .. HOME_KEYS },
        account = HOME, key = "AKIDHOME", source = "profile default in %(home)/.aws/credentials",
        who = ":user/emulated", calls = { identity = 1 },
    },
    ["config file, by AWS_PROFILE"] = {
        environment = "AWS_PROFILE=prod " .. DECOY_CONTAINER .. DECOY_INSTANCE,
        files = { [".aws/config"] = profile(HOME_KEYS) },
        account = HOME, key = "AKIDHOME", source = "profile prod in %(home)/.aws/config", who = ":user/emulated",
        calls = { identity = 1 },
    },
    ["role of a profile"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = profile("role_arn = arn:aws:iam::" .. AWAY .. ":role/team/asks\n" ..
                "source_profile = base\nexternal_id = say-something\nrole_session_name = night-watch\n" ..
                "duration_seconds = 900\n"),
            [".aws/credentials"] = "[base]\n" .. HOME_KEYS .. "\n[prod]\n" .. DECOY_KEYS },
        account = AWAY, source = "role arn:aws:iam::" .. AWAY .. ":role/team/asks with profile base in %(home)",
        who = "arn:aws:sts::" .. AWAY .. ":assumed-role/asks/night-watch", calls = { assume = 1 },
        lead = "cannot assume role arn:aws:iam::" .. AWAY .. ":role/team/asks", lifetime_s = 900,
    },
    ["chain of roles"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = role_with "source_profile = middle" .. "\n[profile middle]\nrole_arn = " ..
                MIDDLE_ROLE .. "\nsource_profile = base\n\n[profile base]\n" .. HOME_KEYS },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with role " .. MIDDLE_ROLE .. " with profile base in",
        who = AWAY_ARN .. "spurn", calls = { assume = 2 }, lead = "cannot assume role " .. MIDDLE_ROLE,
    },
    ["credential_source = Environment"] = {
        entry = PROFILE, environment = HOME_VARIABLES .. DECOY_CONTAINER .. DECOY_INSTANCE,
        files = { [".aws/config"] = role_with "credential_source = Environment" },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with environment variables", who = AWAY_ARN .. "spurn",
        calls = { assume = 1 }, lead = "cannot assume role " .. SPURN_ROLE,
    },
    ["credential_source = Ec2InstanceMetadata"] = {
        entry = PROFILE, environment = DECOY_VARIABLES .. DECOY_CONTAINER .. DECOY_INSTANCE,
        change = with_instance "required",
        files = { [".aws/config"] = role_with "credential_source = Ec2InstanceMetadata" },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with the instance's role", who = AWAY_ARN .. "spurn",
        calls = { metadata_token = 1, metadata = 2, assume = 1 }, lead = "the instance's role",
    },
    ["credential_source = EcsContainer"] = {
        entry = PROFILE, environment = DECOY_VARIABLES .. DECOY_INSTANCE ..
            "AWS_CONTAINER_CREDENTIALS_FULL_URI=%(url)/v2/credentials/8fae ",
        files = { [".aws/config"] = role_with "credential_source = EcsContainer" },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with the container's role", who = AWAY_ARN .. "spurn",
        calls = { container = 1, assume = 1 }, lead = "the container's role",
    },
    ["credential_process"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = profile("credential_process = sh \"%(home)/my keys.sh\" " .. HOME_SECRET .. "\n" ..
            DECOY_KEYS), ["my keys.sh"] = keys_aws.PROGRAM },
        account = HOME, key = "AKIDHOME", source = "profile prod in %(home)/.aws/config", who = ":user/emulated",
        calls = { identity = 1 }, lead = "cannot use profile prod in %(home)/.aws/config",
    },
    ["role with keys of a program"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = role_with "source_profile = base" ..
            "\n[profile base]\ncredential_process = sh program.sh " .. HOME_SECRET .. "\n",
            ["program.sh"] = keys_aws.PROGRAM },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with profile base in", who = AWAY_ARN .. "spurn",
        calls = { assume = 1 }, lead = "cannot use profile base in %(home)/.aws/config",
    },
    ["web identity of a profile"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = profile("role_arn = " .. WEB_ROLE ..
                "\nweb_identity_token_file = %(home)/token\nrole_session_name = pod\n" .. DECOY_KEYS),
            token = WEB_TOKEN .. "\n" },
        account = AWAY, source = "role " .. WEB_ROLE .. " with the web identity in %(home)/token",
        who = "arn:aws:sts::" .. AWAY .. ":assumed-role/web/pod", calls = { web_identity = 1 },
        lead = "cannot assume role " .. WEB_ROLE,
    },
    ["web identity of the environment"] = {
        environment = "AWS_WEB_IDENTITY_TOKEN_FILE=%(home)/token AWS_ROLE_SESSION_NAME=pod AWS_ROLE_ARN=" .. WEB_ROLE ..
            " " .. DECOY_CONTAINER .. DECOY_INSTANCE,
        files = { token = WEB_TOKEN, [".aws/config"] = "[default]\n" .. DECOY_KEYS },
        account = AWAY, source = "role " .. WEB_ROLE .. " with the web identity in %(home)/token",
        who = "arn:aws:sts::" .. AWAY .. ":assumed-role/web/pod", calls = { web_identity = 1 },
        lead = "cannot assume role " .. WEB_ROLE,
    },
    ["single sign-on"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = profile("sso_session = people\n" .. SSO_ROLE .. DECOY_KEYS) .. SSO_SESSION,
            [SESSION_CACHE] = login ', "clientId": "a", "clientSecret": "b", "refreshToken": "c"' },
        account = HOME, source = "profile prod in %(home)/.aws/config",
        who = "arn:aws:sts::" .. HOME .. ":assumed-role/reader/person@example.com",
        calls = { portal = 1 }, cache = SESSION_CACHE,
        lead = "cannot use profile prod in %(home)/.aws/config: AWS SSO gives no keys",
    },
    ["single sign-on of old"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = profile("sso_start_url = " .. START_URL .. "\nsso_region = us-east-1\n" ..
                SSO_ROLE),
            [".aws/sso/cache/%(sha1 of start url).json"] = login():gsub("Z\"", "UTC\"") },
        account = HOME, source = "profile prod in %(home)/.aws/config",
        who = "arn:aws:sts::" .. HOME .. ":assumed-role/reader/person@example.com", calls = { portal = 1 },
        lead = "cannot use profile prod in %(home)/.aws/config: AWS SSO gives no keys",
    },
    ["role with single sign-on"] = {
        entry = PROFILE, environment = DECOYS,
        files = { [".aws/config"] = role_with "source_profile = person" ..
            "\n[profile person]\nsso_session = people\n" .. SSO_ROLE .. SSO_SESSION, [SESSION_CACHE] = login() },
        account = AWAY, source = "role " .. SPURN_ROLE .. " with profile person in", who = AWAY_ARN .. "spurn",
        calls = { portal = 1, assume = 1 }, cache = SESSION_CACHE, lead = "cannot use profile person in",
    },
    ["EKS Pod Identity"] = {
        environment = "AWS_CONTAINER_CREDENTIALS_FULL_URI=%(url)/v1/credentials " ..
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%(home)/pod-token " .. DECOY_INSTANCE,
        files = { ["pod-token"] = POD_TOKEN },
        account = HOME, source = "the container's role", who = MACHINE_ARN .. "container",
        calls = { container = 1 }, lead = "the container's role",
    },
    ["ECS"] = {
        entry = 'endpoint = { ram = "%(url)", sts = "%(url)", metadata = "%(url)" }, ',
        environment = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/8fae ",
        account = HOME, source = "the container's role", who = MACHINE_ARN .. "container",
        calls = { container = 1 }, lead = "the container's role",
    },
    ["instance, tokens required"] = {
        environment = DECOY_INSTANCE, change = with_instance "required",
        account = HOME, source = "the instance's role", who = MACHINE_ARN .. "i-0e5b1f2a3c4d5e6f7",
        calls = { metadata_token = 1, metadata = 2, identity = 1 }, lead = "the instance's role",
    },
    ["instance, tokens optional"] = {
        environment = DECOY_INSTANCE, change = with_instance "optional",
        account = HOME, source = "the instance's role", who = MACHINE_ARN .. "i-0e5b1f2a3c4d5e6f7",
        calls = { metadata_token = 1, metadata = 2, identity = 1 }, lead = "the instance's role",
    },
    ["instance without tokens"] = {
        environment = DECOY_INSTANCE, change = with_instance "none",
        account = HOME, source = "the instance's role", who = MACHINE_ARN .. "i-0e5b1f2a3c4d5e6f7",
        calls = { metadata_token = 1, metadata = 2, identity = 1 }, lead = "the instance's role",
    },
    ["role of the target"] = {
        entry = 'role_arn = "arn:aws:iam::' .. AWAY .. ':role/team/asks", external_id = "say-something", ' ..
            'session_name = "day-watch", duration = "20m", ',
        environment = HOME_VARIABLES .. DECOY_CONTAINER .. DECOY_INSTANCE,
        account = AWAY, source = "role arn:aws:iam::" .. AWAY .. ":role/team/asks with environment variables",
        who = "arn:aws:sts::" .. AWAY .. ":assumed-role/asks/day-watch", calls = { assume = 1 },
        lead = "cannot assume role arn:aws:iam::" .. AWAY .. ":role/team/asks", lifetime_s = 1200,
    },
}

-- ---- setting up and looking ----

local Case = {}
Case.__index = Case

-- "%(url)" and the like in `text`.
function Case:fill(text)
    return (text:gsub("%%%((.-)%)", self.words))
end

-- The files of a source below the test's folder, for their owner alone; false: there is none.
function Case:write(files)
    local filled = {}
    for path, text in pairs(files) do
        if text then
            filled[self:fill(path)] = self:fill(text)
        else
            os.remove(self.words.home .. "/" .. self:fill(path))
        end
    end
    self.t:folder(filled)
    for path in pairs(filled) do
        os.execute("chmod 600 " .. program.quote(self.words.home .. "/" .. path))
    end
    os.execute("chmod 644 " .. program.quote(self.words.home) .. "/*.lua")
end

-- Runs the command with the source's environment, and `more`.
function Case:spurn(arguments, more)
    return self.t:spurn(arguments, { environment = self:fill(self.source.environment .. (more or "")) })
end

local function sha1(text)
    return program.run_command("printf %s " .. program.quote(text) .. " | sha1sum").out:match "^%x+"
end

-- A test's folder and emulator with that source. options: change(world), files (over the source's), entry, environment
-- (in place of the source's).
function keys_aws.case(t, name, options)
    options = options or {}
    local source = setmetatable({ environment = options.environment, entry = options.entry },
        { __index = assert(keys_aws.sources[name], name) })
    local world = keys_aws.world()
    if source.change then
        source.change(world)
    end
    if options.change then
        options.change(world)
    end
    local emulator = t:emulator(world)
    local case = setmetatable({ t = t, source = source, emulator = emulator, words = {
        url = emulator.url, home = t:folder(), ["sha1 of start url"] = sha1(START_URL),
        ["sha1 of session"] = sha1(SSO_SESSION_NAME) } }, Case)
    local entry = source.entry or ""
    if not entry:find("endpoint", 1, true) then
        entry = entry .. 'endpoint = "%(url)", '
    end
    case:write { ["policy.lua"] = program.REJECT_ALL,
        ["spurn.lua"] = 'journal = "spurn.db"\naws { ' .. entry ..
            'regions = { "us-east-1" } }\npolicy "policy.lua"\n' }
    case:write(source.files or {})
    case:write(options.files or {})
    return case
end

-- How often each operation was asked for.
function Case:calls()
    local counts = setmetatable({}, { __index = function() return 0 end })
    for _, row in ipairs(self.emulator.ledger()) do
        counts[row.op] = counts[row.op] + 1
    end
    return counts
end

-- Nobody else's keys were used, and no secret is in what was written.
function Case:is_discreet(results)
    local t = self.t
    for _, row in ipairs(self.emulator.ledger()) do
        t:truth(row.account ~= DECOY, "no call with others' keys: " .. row.op)
    end
    local written = program.read_file(self.words.home .. "/spurn.db") or ""
    for _, result in ipairs(results) do
        written = written .. result.out .. result.err
    end
    for _, secret in ipairs(self.emulator.secrets()) do
        t:truth(not written:find(secret.text, 1, true), "no " .. secret.kind .. " in what was written")
    end
end

-- Doctor tells of the failure. `says`: parts of what it says.
function Case:is_unwell(says)
    local t, doctor = self.t, self:spurn "doctor --format json"
    t:ended(doctor, 1)
    local row = doctor.json.targets[1]
    t:equal(row.status, "failed")
    for _, part in ipairs(says) do
        t:holds(row.error, self:fill(part))
    end
    self:is_discreet { doctor }
end

-- A sweep fails: one line says so, nothing is rejected, no other keys are used. `says`: parts of that line.
function Case:fails(says)
    local t, apply = self.t, self:spurn "-c spurn.lua apply --yes --format json"
    t:ended(apply, 1)
    t:equal(apply.json.summary.targets_failed, 1)
    t:equal(#apply.json.decisions, 0)
    t:equal(#program.rejections(self.emulator), 0)
    t:equal(select(2, apply.err:gsub("\n", "\n")), 1, "lines in " .. apply.err)
    t:truth(apply.err:find "^spurn: error: AWS RAM us%-east%-1.-: ", "an error: " .. apply.err)
    for _, part in ipairs(says) do
        t:holds(apply.err, self:fill(part))
    end
    self:is_discreet { apply }
end

-- One test per row: { source, what is wrong, { options }, says... }. Options are those of keys_aws.case; `fault`, which
-- strikes the sweep; else doctor is asked as well.
function keys_aws.fail_each(rows)
    for _, row in ipairs(rows) do
        local name, what, options = row[1], row[2], row[3]
        program.test(name .. ": " .. what)(function(t)
            local case, says = keys_aws.case(t, name, options), table.move(row, 4, #row, 1, {})
            case.emulator.fault { options.fault }
            case:fails(says)
            if not options.fault then
                case:is_unwell(says)
            end
        end)
    end
end

local NO_KEYS <const> = "its answer holds no keys; is something between here and 127.0.0.1:"

-- All that may befall the `op` that a source asks for; says: how a web page, an answer without its last character and a
-- refusal are told.
function keys_aws.fail_on_wire(name, op, says)
    local lead = keys_aws.sources[name].lead
    local function row(what, fault, ...)
        return { name, what, { fault = fault .. ":op=" .. op }, ... }
    end
    keys_aws.fail_each {
        row("keys that are over already", "expired_keys", "its keys expired ", " ago; renew them where they come from"),
        row("something else than was asked for", "garbage", NO_KEYS),
        row("a web page in its place", "html=200", says.page),
        row("a gateway's error", "html=502", lead, "answered 502"),
        row("an answer that lacks its end", "broken", says.cut),
        row("an answer that breaks off", "truncate", lead, "no reply from %(url)"),
        row("an answer without end", "big", lead, "the reply is larger than 64 KiB"),
        row("a service that is down", "status=500", lead, "answered 500"),
        row("no answer", "drop", lead, "no reply from %(url)"),
        row("no answer, though it is done later", "late=60", lead, "no reply from %(url)"),
        row("a refusal", "deny=AccessDenied", lead, says.refused),
    }
    program.test(name .. ": doctor tells of a refusal, too")(function(t)
        local case = keys_aws.case(t, name)
        case.emulator.fault { "deny=AccessDenied:op=" .. op }
        case:is_unwell { lead, says.refused }
    end)
    program.test(name .. ": trouble that passes is no trouble")(function(t)
        local case = keys_aws.case(t, name)
        for _, fault in ipairs { "drop", "status=503" } do
            case.emulator.fault { fault .. ":op=" .. op .. ":count=2" }
            local plan = case:spurn "plan --format json"
            t:ended(plan, 0)
            t:equal(plan.json.targets[1].account, case.source.account, fault)
        end
        t:equal(case:calls()[op], 4 + 2 * case.source.calls[op])
    end)
end

return keys_aws
