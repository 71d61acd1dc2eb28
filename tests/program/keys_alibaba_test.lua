-- Alibaba Cloud's sources of keys, as its CLI and SDKs know them: each through the real command, and each failing.
local cjson = require "cjson"
local program = require "program"
local test = program.test

-- Who holds what. Each account has another number of invitations, which tells whose keys were used.
local OWNER <const>, OTHER <const>, REST <const> = "1000000000000001", "2000000000000002", "3000000000000003"
local PENDING <const> = { [OWNER] = 1, [OTHER] = 2, [REST] = 3 }
local OWNER_KEY <const>, SESSION_KEY <const>, REST_KEY <const> = "LTAIOWNER", "STS.SESSION", "LTAIREST"
local PROVIDER <const> = "acs:ram::" .. OTHER .. ":oidc-provider/cluster"
local WEB_TOKEN <const>, OLD_WEB_TOKEN <const>, ACCESS_TOKEN <const> = "a.web.token", "an.old.token", "an-access-token"

local function arn(role)
    return ("acs:ram::%s:role/%s"):format(OTHER, role)
end

local function session_of(role, session)
    return ("acs:ram::%s:assumed-role/%s/%s"):format(OTHER, role, session or "spurn")
end

local function scenario()
    local function account(id, more)
        more.cloud, more.id = "alibaba", id
        more.regions = { { name = "cn-hangzhou",
            invitations = { { sender = "9999999999999999", name = "share %d", ["repeat"] = PENDING[id] } } } }
        return more
    end
    return { schema = 1,
        accounts = {
            account(OWNER, { keys = { { id = OWNER_KEY, secret = "owner-secret" },
                { id = SESSION_KEY, secret = "session-secret", token = "session-token" },
                { id = "STS.OVER", secret = "session-secret", token = "session-token", expired = true } } }),
            account(OTHER, { roles = {
                { name = "first", trusts = { OWNER } },
                { name = "second", trusts = { OTHER } },
                { name = "guarded", trusts = { OWNER }, external_id = "the-right-one" },
                { name = "pods", web_identity = { WEB_TOKEN, "expired:" .. OLD_WEB_TOKEN }, provider = PROVIDER },
            } }),
            account(REST, { keys = { { id = REST_KEY, secret = "rest-secret" } } }),
        },
        instance = { alibaba = { account = OTHER, role = "machine" } },
        containers = { { cloud = "alibaba", path = "/keys", account = OTHER, role = "task" } },
        sso = { { cloud = "alibaba", token = ACCESS_TOKEN, accounts = { { account = OTHER, role = "ac-readonly" } } } },
        organization = { { cloud = "alibaba", management = OWNER,
            accounts = { { id = OWNER }, { id = OTHER }, { id = REST, status = "InviteFailed" } } } },
    }
end

-- ---- files as the CLI writes them. Source: aliyun-cli, config/profile.go and configuration.go ----

local MEMBERS <const> = { "name", "mode", "access_key_id", "access_key_secret", "sts_token", "sts_region",
    "ram_role_name", "ram_role_arn", "ram_session_name", "external_id", "source_profile", "expired_seconds",
    "region_id", "output_format", "language", "process_command", "credentials_uri", "oidc_provider_arn",
    "oidc_token_file", "cloud_sso_sign_in_url",
    "access_token", "cloud_sso_access_token_expire", "sts_expiration", "cloud_sso_access_config",
    "cloud_sso_account_id" }

local function written(value)
    return (cjson.encode(value):gsub("\\/", "/"))
end

local function cli_profile(said)
    local profile = { region_id = "cn-hangzhou", output_format = "json", language = "en" }
    for name, value in pairs(said) do
        profile[name] = value
    end
    local lines = {}
    for _, name in ipairs(MEMBERS) do
        if profile[name] then
            lines[#lines + 1] = ("\t\t\t%q: %s"):format(name, written(profile[name]))
            profile[name] = nil
        end
    end
    assert(next(profile) == nil, "the CLI knows no such member")
    return "\t\t{\n" .. table.concat(lines, ",\n") .. "\n\t\t}"
end

local function cli_file(profiles, current)
    local texts = {}
    for i, profile in ipairs(profiles) do
        texts[i] = cli_profile(profile)
    end
    return ('{\n\t"current": "%s",\n\t"profiles": [\n%s\n\t],\n\t"meta_path": ""\n}\n'):format(
        current or profiles[1].name, table.concat(texts, ",\n"))
end

local REST_PROFILE <const> = ("[default]\ntype = access_key\naccess_key_id = %s\naccess_key_secret = rest-secret\n")
    :format(REST_KEY)

-- ---- one set-up ----

-- given: cli (profiles of ~/.aliyun/config.json), shared (the text of ~/.alibabacloud/credentials), variables, files,
-- target (words of the target), metadata (an endpoint; else the emulator's). "@" in texts is the test's folder, "^" the
-- emulator.
local function lay_out(t, given)
    local emulator = t:emulator(scenario())
    local url = emulator.alibaba["cn-hangzhou"]
    local function filled(text)
        return (text:gsub("[@^]", { ["@"] = t.path, ["^"] = url }))
    end
    local files = { ["policy.lua"] = program.REJECT_ALL,
        [".aliyun/config.json"] = given.cli and filled(type(given.cli) == "table" and cli_file(given.cli) or given.cli),
        [".alibabacloud/credentials"] = given.shared and filled(given.shared) }
    for path, text in pairs(given.files or {}) do
        files[path] = filled(text)
    end
    files["spurn.lua"] = filled(('journal = "spurn.db"\npolicy "policy.lua"\n' ..
        'alibaba { %s regions = { "cn-hangzhou" }, endpoint = { resourcesharing = "^", sts = "^", ' ..
        'resourcemanager = "^", sso = "^", metadata = "%s" } }\n')
        :format(given.target or "", given.metadata or "^"))
    t:folder(files)
    program.run_command("chmod -R go= " .. t.path)
    local words = {}
    for name, value in pairs(given.variables or {}) do
        words[#words + 1] = name .. "=" .. program.quote(filled(value))
    end
    emulator.environment = #words > 0 and table.concat(words, " ") or "LC_ALL=C"
    return emulator
end

local function spurn(t, emulator, arguments)
    return t:spurn(arguments, { environment = emulator.environment })
end

-- The operations by which keys were got, in their order, each with how it ended.
local GETTING <const> = { assume = true, oidc = true, metadata_token = true, metadata = true, container = true,
    cloud_sso = true }

local function calls(emulator)
    local list = {}
    for _, entry in ipairs(emulator.ledger()) do
        if GETTING[entry.op] then
            list[#list + 1] = entry.op .. (entry.result == "ok" and "" or " " .. entry.result)
        end
    end
    return table.concat(list, ", ")
end

local function was_used(emulator, key)
    for _, entry in ipairs(emulator.ledger()) do
        if entry.who == key then
            return true
        end
    end
    return false
end

-- ---- each source works ----

local AK <const> = { name = "ak", mode = "AK", access_key_id = OWNER_KEY, access_key_secret = "owner-secret" }
local ROLE <const> = { name = "role", mode = "RamRoleArn", access_key_id = OWNER_KEY,
    access_key_secret = "owner-secret", ram_role_arn = arn "first", ram_session_name = "night", expired_seconds = 900 }
local CHAIN <const> = { name = "chain", mode = "ChainableRamRoleArn", source_profile = "role",
    ram_role_arn = arn "second", ram_session_name = "day" }
local MACHINE <const> = { name = "machine", mode = "EcsRamRole" }
local PODS <const> = { name = "pods", mode = "OIDC", oidc_provider_arn = PROVIDER, oidc_token_file = "@/web_token",
    ram_role_arn = arn "pods", ram_session_name = "pod" }
local PROGRAM <const> = { name = "program", mode = "External", process_command = "cat '@/program.json'" }
local URI <const> = { name = "uri", mode = "CredentialsURI", credentials_uri = "^/keys" }

local function signed_in(more)
    local profile = { name = "person", mode = "CloudSSO", cloud_sso_sign_in_url = "https://signin.example.com/start",
        cloud_sso_account_id = OTHER, cloud_sso_access_config = "ac-readonly", access_token = ACCESS_TOKEN,
        cloud_sso_access_token_expire = os.time() + 3600 }
    for name, value in pairs(more or {}) do
        profile[name] = value or nil
    end
    return profile
end

local function program_writes(members)
    return { ["program.json"] = cjson.encode(members) }
end

local OWNERS_PROGRAM <const> = program_writes { mode = "AK", access_key_id = OWNER_KEY,
    access_key_secret = "owner-secret" }
local OIDC_VARIABLES <const> = { ALIBABA_CLOUD_ROLE_ARN = arn "pods", ALIBABA_CLOUD_OIDC_PROVIDER_ARN = PROVIDER,
    ALIBABA_CLOUD_OIDC_TOKEN_FILE = "@/web_token" }
local IN_CLI <const>, IN_SHARED <const> = " in @/.aliyun/config.json", " in @/.alibabacloud/credentials"
local FROM_INSTANCE <const> = "metadata_token, metadata, metadata"

-- profile: what the target may name instead of finding it; instance: how the metadata service is about tokens.
local WORKING <const> = {
    { "an access key of the environment", source = "environment variables", account = OWNER, key = OWNER_KEY,
        variables = { ALIBABA_CLOUD_ACCESS_KEY_ID = OWNER_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET = "owner-secret" } },
    { "temporary keys of the environment", source = "environment variables", account = OWNER, key = SESSION_KEY,
        variables = { ALIBABA_CLOUD_ACCESS_KEY_ID = SESSION_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET = "session-secret",
            ALIBABA_CLOUD_SECURITY_TOKEN = "session-token" } },
    { "OIDC by the environment", source = "role " .. arn "pods" .. " with ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        account = OTHER, who = session_of "pods", calls = "oidc", variables = OIDC_VARIABLES,
        files = { web_token = WEB_TOKEN .. "\n" } },
    { "mode AK", source = "profile ak" .. IN_CLI, account = OWNER, key = OWNER_KEY, profile = "ak", cli = { AK } },
    { "mode StsToken", source = "profile sts" .. IN_CLI, account = OWNER, key = SESSION_KEY, profile = "sts",
        cli = { { name = "sts", mode = "StsToken", access_key_id = SESSION_KEY, access_key_secret = "session-secret",
            sts_token = "session-token" } } },
    { "mode RamRoleArn", source = "role " .. arn "first" .. " with profile role" .. IN_CLI, account = OTHER,
        who = session_of("first", "night"), calls = "assume", profile = "role", cli = { ROLE } },
    { "mode ChainableRamRoleArn", source = "role " .. arn "second" .. " with profile chain" .. IN_CLI, account = OTHER,
        who = session_of("second", "day"), calls = "assume, assume", profile = "chain", cli = { CHAIN, AK, ROLE } },
    { "mode EcsRamRole, tokens required", source = "profile machine" .. IN_CLI, account = OTHER,
        who = session_of("machine", "i-bp1emulated0000000000"), calls = FROM_INSTANCE, profile = "machine",
        cli = { MACHINE } },
    { "mode EcsRamRole, tokens optional", source = "profile machine" .. IN_CLI, account = OTHER, tokens = "optional",
        calls = FROM_INSTANCE, profile = "machine", cli = { MACHINE } },
    { "mode EcsRamRole, no tokens", source = "profile machine" .. IN_CLI, account = OTHER, tokens = "none",
        calls = "metadata_token 404, metadata, metadata", profile = "machine", cli = { MACHINE } },
    { "mode EcsRamRole with the role's name", source = "profile machine" .. IN_CLI, account = OTHER,
        calls = "metadata_token, metadata", profile = "machine",
        cli = { { name = "machine", mode = "EcsRamRole", ram_role_name = "machine" } } },
    { "mode OIDC", source = "role " .. arn "pods" .. " with profile pods" .. IN_CLI, account = OTHER,
        who = session_of("pods", "pod"), calls = "oidc", profile = "pods", cli = { PODS },
        files = { web_token = WEB_TOKEN } },
    { "mode External", source = "profile program" .. IN_CLI, account = OWNER, key = OWNER_KEY, profile = "program",
        cli = { PROGRAM }, files = OWNERS_PROGRAM },
    { "mode External with a token", source = "profile program" .. IN_CLI, account = OWNER, key = SESSION_KEY,
        profile = "program", cli = { PROGRAM }, files = program_writes { mode = "StsToken", access_key_id = SESSION_KEY,
            access_key_secret = "session-secret", sts_token = "session-token",
            expiration = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 3600) } },
    { "mode CredentialsURI", source = "profile uri" .. IN_CLI, account = OTHER, who = session_of("task", "container"),
        calls = "container", profile = "uri", cli = { URI } },
    { "mode CloudSSO, fetched", source = "profile person" .. IN_CLI, account = OTHER,
        who = session_of("ac-readonly", "person@example.com"), calls = "cloud_sso", profile = "person",
        cli = { signed_in() } },
    { "mode CloudSSO, kept by the CLI", source = "profile person" .. IN_CLI, account = OWNER, key = SESSION_KEY,
        profile = "person", cli = { signed_in { cloud_sso_account_id = OWNER, access_key_id = SESSION_KEY,
            access_key_secret = "session-secret", sts_token = "session-token", sts_expiration = os.time() + 1800 } } },
    { "mode CloudSSO, kept keys that are over", source = "profile person" .. IN_CLI, account = OTHER,
        calls = "cloud_sso", profile = "person", cli = { signed_in { access_key_id = SESSION_KEY,
            access_key_secret = "session-secret", sts_token = "session-token", sts_expiration = os.time() - 60 } } },
    { "an access key of the shared file", source = "profile default" .. IN_SHARED, account = REST, key = REST_KEY,
        profile = "default", shared = REST_PROFILE },
    { "temporary keys of the shared file", source = "profile default" .. IN_SHARED, account = OWNER, key = SESSION_KEY,
        profile = "default", shared = "[default]\ntype = sts\naccess_key_id = " .. SESSION_KEY ..
            "\naccess_key_secret = session-secret\nsecurity_token = session-token\n" },
    { "a role of the shared file", source = "role " .. arn "first" .. " with profile default" .. IN_SHARED,
        account = OTHER, who = session_of("first", "evening"), calls = "assume", profile = "default",
        shared = ("[default]\nenable = true\ntype = ram_role_arn\naccess_key_id = %s\n" ..
            "access_key_secret = owner-secret\nrole_arn = %s\nrole_session_name = evening\n"):format(OWNER_KEY,
            arn "first") },
    { "the instance's role by the shared file", source = "profile default" .. IN_SHARED, account = OTHER,
        calls = "metadata_token, metadata", profile = "default",
        shared = "[default]\ntype = ecs_ram_role\nrole_name = machine\n" },
    { "OIDC by the shared file", source = "role " .. arn "pods" .. " with profile default" .. IN_SHARED,
        account = OTHER, who = session_of("pods", "evening"), calls = "oidc", profile = "default",
        shared = ("[default]\ntype = oidc_role_arn\noidc_provider_arn = %s\noidc_token_file_path = @/web_token\n" ..
            "role_arn = %s\nrole_session_name = evening\n"):format(PROVIDER, arn "pods"),
        files = { web_token = WEB_TOKEN } },
    { "the instance that this runs on", source = "the RAM role of this ECS instance", account = OTHER,
        calls = FROM_INSTANCE },
    { "the instance's role by name", source = "the RAM role of this ECS instance", account = OTHER,
        calls = "metadata_token, metadata", variables = { ALIBABA_CLOUD_ECS_METADATA = "machine" } },
    { "a credentials URI", source = "ALIBABA_CLOUD_CREDENTIALS_URI", account = OTHER,
        who = session_of("task", "container"), calls = "container",
        variables = { ALIBABA_CLOUD_CREDENTIALS_URI = "^/keys", ALIBABA_CLOUD_ECS_METADATA_DISABLED = "true" } },
}

local function works(t, emulator, case)
    local doctor = spurn(t, emulator, "doctor --format json")
    t:ended(doctor, 0)
    local target = doctor.json.targets[1]
    t:equal(target.source, (case.source:gsub("@", t.path)))
    t:equal(target.account, case.account)
    t:holds(target.principal, "acs:ram::" .. case.account .. ":")
    if case.who then
        t:equal(target.principal, case.who)
    end
    if case.key then
        t:equal(target.key_id, case.key)
    end
    t:lacks(doctor.err, "can be read by others")
    t:equal(calls(emulator), case.calls or "")
    local plan = spurn(t, emulator, "plan --format json")
    t:ended(plan, 0)
    t:equal(plan.json.summary.pending, PENDING[case.account])
    t:equal(plan.json.targets[1].account, case.account)
end

for _, case in ipairs(WORKING) do
    test(case[1] .. " gives keys")(function(t)
        local emulator = lay_out(t, case)
        if case.tokens then
            emulator.add { schema = 1, accounts = {}, instance = { alibaba = { account = OTHER, role = "machine",
                tokens = case.tokens } } }
        end
        works(t, emulator, case)
    end)
    if case.profile then
        test(case[1] .. " gives keys to a target that names its profile, whatever the environment has")(function(t)
            local given = setmetatable({ target = ('profile = "%s",'):format(case.profile), variables = {
                ALIBABA_CLOUD_ACCESS_KEY_ID = REST_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET = "wrong" } },
                { __index = case })
            local emulator = lay_out(t, given)
            if case.tokens then
                emulator.add { schema = 1, accounts = {}, instance = { alibaba = { account = OTHER, role = "machine",
                    tokens = case.tokens } } }
            end
            works(t, emulator, given)
        end)
    end
end

-- ---- each source fails ----

local OVER <const> = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - 60)

local function environment_keys(id, secret, token)
    return { ALIBABA_CLOUD_ACCESS_KEY_ID = id, ALIBABA_CLOUD_ACCESS_KEY_SECRET = secret,
        ALIBABA_CLOUD_SECURITY_TOKEN = token }
end

-- A copy of `profile` with other members.
local function but(profile, members)
    local changed = {}
    for name, value in pairs(profile) do
        changed[name] = value
    end
    for name, value in pairs(members) do
        changed[name] = value or nil
    end
    return changed
end

-- What is wrong with the place; where there is a profile, all but what stands in it ends the search. Without, the chain
-- goes on to the shared file. says: what is told either way.
local PLACES <const> = {
    { "half a key in the environment", variables = environment_keys(OWNER_KEY),
        says = "ALIBABA_CLOUD_ACCESS_KEY_ID is there, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing" },
    { "an OIDC token that has expired", variables = OIDC_VARIABLES, files = { web_token = OLD_WEB_TOKEN },
        says = "AuthenticationFail.OIDCToken.Expired" },
    { "an OIDC token that is none", variables = OIDC_VARIABLES, files = { web_token = "another.token" },
        says = "AuthenticationFail.OIDCToken.Invalid" },
    { "an OIDC token file that is not there", variables = OIDC_VARIABLES, says = "web_token: no such file" },
    { "an OIDC token file that is empty", variables = OIDC_VARIABLES, files = { web_token = "\n" },
        says = "web_token: it is empty" },
    { "an OIDC provider of another name", profile = "pods", files = { web_token = WEB_TOKEN },
        cli = { but(PODS, { oidc_provider_arn = PROVIDER .. "x" }) }, says = "AuthenticationFail.NoPermission" },
    { "a file of the CLI's that is cut off", profile = "ak", cli = cli_file({ AK }):sub(1, 80),
        says = "cannot read @/.aliyun/config.json: " },
    { "a mode that nobody knows", profile = "ak", cli = { but(AK, { mode = "Ak47" }) },
        says = "cannot use profile ak" .. IN_CLI .. ": its mode Ak47 is not supported" },
    { "mode RsaKeyPair", profile = "ak", cli = { but(AK, { mode = "RsaKeyPair" }) },
        says = "use an access key or a role in its place" },
    { "mode AK without a secret", profile = "ak", cli = { but(AK, { access_key_secret = false }) },
        says = "its mode AK needs access_key_secret, which is not there" },
    { "mode StsToken without a token", profile = "ak", cli = { but(AK, { mode = "StsToken" }) },
        says = "its mode StsToken needs sts_token, which is not there" },
    { "a role that trusts others", profile = "role", cli = { but(ROLE, { ram_role_arn = arn "second" }) },
        says = "answered 403 NoPermission" },
    { "a role that is not there", profile = "role", cli = { but(ROLE, { ram_role_arn = arn "third" }) },
        says = "answered 404 EntityNotExist.Role" },
    { "a role whose external id is another", profile = "role", cli = { but(ROLE, { ram_role_arn = arn "guarded",
        external_id = "a-wrong-one" }) }, says = "answered 403 NoPermission" },
    { "a role's base key with another secret", profile = "role", cli = { but(ROLE, { access_key_secret = "wrong" }) },
        says = "SignatureDoesNotMatch" },
    { "profiles that lead back to themselves", profile = "chain", cli = { CHAIN, but(ROLE, {
        mode = "ChainableRamRoleArn", source_profile = "chain" }) },
        says = "cannot use profile role" .. IN_CLI .. ": its source_profile leads back to profile chain" },
    { "a profile that leads to itself", profile = "chain", cli = { but(CHAIN, { source_profile = "chain" }) },
        says = "its source_profile leads back to profile chain" },
    { "a source_profile that is not there", profile = "chain", cli = { CHAIN },
        says = "there is no profile role, its source_profile" },
    { "a first role of a chain that is refused", profile = "chain", cli = { CHAIN, but(ROLE, {
        ram_role_arn = arn "guarded" }) }, says = "cannot assume role " .. arn "guarded" },
    { "an instance without that role", profile = "machine", cli = { but(MACHINE, { ram_role_name = "another" }) },
        says = "cannot use the RAM role of this ECS instance: " },
    { "a program that fails", profile = "program", cli = { PROGRAM }, says = "its process_command: " },
    { "a program that is not there", profile = "program", cli = { but(PROGRAM, {
        process_command = "/no/such/program --x" }) }, says = "cannot run /no/such/program: no such program" },
    { "a program that writes something else", profile = "program", cli = { PROGRAM },
        files = { ["program.json"] = "Enter your code: " }, says = "what its process_command wrote cannot be read" },
    { "a program that writes keys that are over", profile = "program", cli = { PROGRAM },
        files = program_writes { mode = "StsToken", access_key_id = SESSION_KEY, access_key_secret = "session-secret",
            sts_token = "session-token", expiration = OVER }, says = "expired" },
    { "a sign-in that is over", profile = "person", cli = { signed_in {
        cloud_sso_access_token_expire = os.time() - 60 } },
        says = "its sign-in has expired; sign in again with aliyun configure --mode CloudSSO" },
    { "a sign-in that nobody knows", profile = "person", cli = { signed_in { access_token = "another" } },
        says = "sign in again with aliyun configure --mode CloudSSO" },
    { "a sign-in for another account", profile = "person", cli = { signed_in { cloud_sso_account_id = OWNER } },
        says = "403 ForbiddenException" },
    { "a credentials URI where nothing is", profile = "uri", cli = { but(URI, { credentials_uri = "^/no-keys" }) },
        says = "cannot use profile uri" .. IN_CLI .. ": " },
}

-- What happens on the wire to each source that asks for keys; those that wait longer than a test may are cut off.
local TROUBLES <const> = {
    { "hands out keys that are over", "expired_keys", "expired" },
    { "answers something else", "garbage", "" },
    { "answers half of it", "truncate", "" },
    { "answers what is no JSON", "broken", "" },
    { "refuses", "deny=AccessDenied", "403" },
    { "answers with a page", "html=502", "502" },
    { "leads elsewhere", "redirect=^/elsewhere", "302" },
    { "breaks off", "drop", "no reply from" },
}

local WIRED <const> = {
    { "OIDC by the environment", op = "oidc", variables = OIDC_VARIABLES, files = { web_token = WEB_TOKEN } },
    { "mode OIDC", op = "oidc", profile = "pods", cli = { PODS }, files = { web_token = WEB_TOKEN } },
    { "mode RamRoleArn", op = "assume", profile = "role", cli = { ROLE } },
    { "mode EcsRamRole", op = "metadata", profile = "machine", cli = { MACHINE } },
    { "mode CloudSSO", op = "cloud_sso", profile = "person", cli = { signed_in() } },
    { "mode CredentialsURI", op = "container", profile = "uri", cli = { URI } },
}

local function add_wired()
    for _, wired in ipairs(WIRED) do
        for _, trouble in ipairs(TROUBLES) do
            local name, fault, says = table.unpack(trouble)
            -- The first answer of the metadata service is a name, in which nothing can be over or broken.
            if not (wired.op == "metadata" and fault == "truncate") then
                PLACES[#PLACES + 1] = setmetatable({ wired[1] .. " whose other side " .. name,
                    fault = ("%s:op=%s"):format(fault, wired.op), says = says }, { __index = wired })
            end
        end
    end
    PLACES[#PLACES + 1] = { "mode EcsRamRole whose other side is silent", profile = "machine", cli = { MACHINE },
        fault = "slow=5000:op=metadata", says = "no reply from" }
end
add_wired()

local function lay_out_broken(t, case, more)
    local emulator = lay_out(t, setmetatable(more, { __index = case }))
    if case.fault then
        emulator.fault { (case.fault:gsub("%^", emulator.alibaba["cn-hangzhou"])) }
    end
    return emulator, (case.says:gsub("@", t.path))
end

-- The lines of stderr that are warnings or errors.
local function told(result)
    local lines = {}
    for line in result.err:gmatch "[^\n]+" do
        lines[#lines + 1] = line
    end
    return lines
end

for _, case in ipairs(PLACES) do
    test("past " .. case[1] .. " the search goes on, and says so")(function(t)
        local emulator, says = lay_out_broken(t, case, { shared = REST_PROFILE })
        local doctor = spurn(t, emulator, "doctor --format json")
        t:ended(doctor, 0)
        t:equal(doctor.json.targets[1].key_id, REST_KEY)
        t:equal(doctor.json.targets[1].source, "profile default in " .. t.path .. "/.alibabacloud/credentials")
        t:equal(#doctor.json.warnings, 1, "warnings")
        t:holds(doctor.json.warnings[1], says)
        t:truth(doctor.json.warnings[1]:find "; looking elsewhere$", "what is done about it")
        local plan = spurn(t, emulator, "plan --format json")
        t:ended(plan, 0, says)
        t:equal(plan.json.summary.pending, PENDING[REST])
    end)
    if case.profile then
        test("for a target that names its profile, " .. case[1] .. " is the end")(function(t)
            local emulator, says = lay_out_broken(t, case, { shared = REST_PROFILE,
                target = ('profile = "%s",'):format(case.profile),
                variables = environment_keys(REST_KEY, "rest-secret") })
            local doctor = spurn(t, emulator, "doctor --format json")
            t:ended(doctor, 1)
            t:equal(doctor.json.targets[1].status, "failed")
            t:holds(doctor.json.targets[1].error, says)
            t:lacks(doctor.json.targets[1].error, "\n")
            local plan = spurn(t, emulator, "plan --format json")
            t:ended(plan, 1, says)
            t:equal(plan.json.targets[1].status, "failed")
            t:equal(plan.json.summary.pending, 0)
            t:equal(#told(plan), 1, "lines: " .. plan.err)
            t:equal(was_used(emulator, REST_KEY), false, "other keys")
        end)
    end
end

-- Keys that were found are the ones: that the cloud does not take them is no reason to look for others.
local FOUND <const> = {
    { "a wrong secret", environment_keys(OWNER_KEY, "wrong"), "SignatureDoesNotMatch" },
    { "a key that is not there", environment_keys("LTAINOBODY", "wrong"), "InvalidAccessKeyId.NotFound" },
    { "keys that are over", environment_keys("STS.OVER", "session-secret", "session-token"),
        "InvalidSecurityToken.Expired" },
    { "a token of other keys", environment_keys(SESSION_KEY, "session-secret", "another"),
        "InvalidSecurityToken.Malformed" },
    { "a token that is missing", environment_keys(SESSION_KEY, "session-secret"), "InvalidSecurityToken" },
}
for _, case in ipairs(FOUND) do
    test(case[1] .. " in the environment is an error, and other keys are left alone")(function(t)
        local emulator = lay_out(t, { variables = case[2], cli = { AK }, shared = REST_PROFILE })
        for _, command in ipairs { "doctor", "plan" } do
            local result = spurn(t, emulator, command .. " --format json")
            t:ended(result, 1)
            t:holds(result.json.targets[1].error, case[3])
            t:equal(result.json.targets[1].status, "failed")
        end
        t:equal(was_used(emulator, REST_KEY) or was_used(emulator, OWNER_KEY) and case[2].ALIBABA_CLOUD_ACCESS_KEY_ID ~=
            OWNER_KEY, false, "other keys")
    end)
end

test "keys of another account than the target's reject nothing, wherever they were found" (function(t)
    local emulator = lay_out(t, { variables = environment_keys(OWNER_KEY), shared = REST_PROFILE,
        target = ('account = "%s",'):format(OWNER) })
    local apply = spurn(t, emulator, "-c spurn.lua apply --yes --format json")
    t:ended(apply, 1)
    t:holds(apply.json.targets[1].error, "its receiver is account " .. REST)
    t:equal(#program.rejections(emulator), 0)
    local doctor = spurn(t, emulator, "doctor --format json")
    t:ended(doctor, 1)
    t:holds(doctor.json.targets[1].error, ("these keys are of account %s"):format(REST))
    t:holds(doctor.json.targets[1].error, ("the configuration says %s"):format(OWNER))
    t:equal(#program.rejections(emulator), 0)
end)

test "nothing anywhere is one line that says where was looked, and for what" (function(t)
    local emulator = lay_out(t, { variables = { ALIBABA_CLOUD_ECS_METADATA_DISABLED = "true" } })
    local plan = spurn(t, emulator, "plan")
    t:ended(plan, 1, "ALIBABA_CLOUD_ACCESS_KEY_ID")
    t:holds(plan.err, t.path .. "/.aliyun/config.json")
    t:holds(plan.err, t.path .. "/.alibabacloud/credentials")
    t:equal(#told(plan), 1, plan.err)
    t:equal(#emulator.ledger(), 0)
end)

test "a profile that is nowhere is named beside those that there are, and nothing is asked" (function(t)
    local emulator = lay_out(t, { cli = { AK, ROLE }, shared = REST_PROFILE, target = 'profile = "prod",',
        variables = environment_keys(REST_KEY, "rest-secret") })
    local plan = spurn(t, emulator, "plan")
    t:ended(plan, 1, "prod")
    t:holds(plan.err, "ak, role, default")
    t:equal(#emulator.ledger(), 0)
end)

test "an instance that there is not is no failure of the search: the credentials URI is asked" (function(t)
    local emulator = lay_out(t, { metadata = "http://127.0.0.1:1",
        variables = { ALIBABA_CLOUD_CREDENTIALS_URI = "^/keys" } })
    local doctor = spurn(t, emulator, "doctor --format json")
    t:ended(doctor, 0)
    t:equal(doctor.json.targets[1].source, "ALIBABA_CLOUD_CREDENTIALS_URI")
    t:equal(doctor.json.targets[1].account, OTHER)
end)

-- ---- the target's own role, and organizations ----

test "a target's role is assumed with the keys that were found, with its external id" (function(t)
    local given = { cli = { AK }, target = ('role_arn = "%s", external_id = "the-right-one", session_name = "sweep",')
        :format(arn "guarded") }
    local emulator = lay_out(t, given)
    works(t, emulator, { source = "role " .. arn "guarded" .. " with profile ak" .. IN_CLI, account = OTHER,
        who = session_of("guarded", "sweep"), calls = "assume" })
end)

for _, case in ipairs {
    { "of another external id", arn "guarded", 'external_id = "a-wrong-one",', "403 NoPermission",
        "an external id was sent" },
    { "without its external id", arn "guarded", "", "403 NoPermission", "no external id was sent" },
    { "that is not there", arn "third", "", "404 EntityNotExist.Role", "look at the role's name" },
} do
    test("a target's role " .. case[1] .. " is an error, and the account is not swept with other keys")(function(t)
        local emulator = lay_out(t, { cli = { AK }, target = ('role_arn = "%s", %s'):format(case[2], case[3]) })
        for _, command in ipairs { "doctor", "plan" } do
            local result = spurn(t, emulator, command .. " --format json")
            t:ended(result, 1)
            t:holds(result.json.targets[1].error, "cannot assume role " .. case[2])
            t:holds(result.json.targets[1].error, case[4])
            t:holds(result.json.targets[1].error, case[5])
        end
        t:equal(program.count(emulator.ledger(), "op", "ListResourceShareInvitations"), 0)
    end)
end

test "an organization's active accounts are swept: its own with the keys, the others through the role" (function(t)
    local emulator = lay_out(t, { cli = { AK }, target = 'organization = { role = "first" },' })
    local plan = spurn(t, emulator, "plan --format json")
    t:ended(plan, 0)
    t:equal(#plan.json.targets, 2)
    t:equal(program.count(plan.json.targets, "account", OWNER), 1)
    t:equal(program.count(plan.json.targets, "account", OTHER), 1)
    t:equal(plan.json.summary.pending, PENDING[OWNER] + PENDING[OTHER])
    t:equal(program.count(emulator.ledger(), "op", "accounts"), 1)
    t:equal(calls(emulator), "assume")
end)

for _, case in ipairs { { "refuses", "deny=AccessDenied:op=accounts", "answered NoPermission" },
    { "answers something else", "garbage:op=accounts", "" } } do
    test("an organization that " .. case[1] .. " is a failure of its target, and nothing is swept")(function(t)
        local emulator = lay_out(t, { cli = { AK }, target = 'organization = { role = "first" },' })
        emulator.fault { case[2] }
        local plan = spurn(t, emulator, "plan --format json")
        t:ended(plan, 1, case[3])
        t:equal(plan.json.summary.pending, 0)
        t:equal(#told(plan), 1, plan.err)
    end)
end
