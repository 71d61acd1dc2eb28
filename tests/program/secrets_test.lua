-- Secrets and tokens are on the wire and in memory that core dumps leave out, and nowhere else: every log, error,
-- report and journal file of these runs is searched for them, and the memory of the process in the middle of its work.
local cjson = require "cjson"
local program = require "program"
local test = program.test

-- ---- the world: an account for each source of keys ----

local LETTERS <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
local TOKEN_LETTERS <const> = LETTERS .. "+/"

-- A secret of this name: always the same, unlike every other.
local function secret(name, len, letters)
    local state, drawn = 7, {}
    letters = letters or LETTERS
    for i = 1, #name do
        state = (state * 31 + name:byte(i)) % 2147483647
    end
    for i = 1, len or 40 do
        state = state * 48271 % 2147483647
        drawn[i] = letters:sub(state % #letters + 1, state % #letters + 1)
    end
    return table.concat(drawn)
end

local function token(name)
    return secret(name, 300, TOKEN_LETTERS) .. "=="
end

-- Short-lived, so that a daemon fetches them anew while the test looks on.
local SESSION <const> = "20s"

local ACCOUNTS <const> = {
    aws = { env = 1, kept = 2, role = 3, web = 4, sso = 5, program = 6, machine = 7, pod = 8 },
    alibaba = { env = 1, kept = 2, sts = 3, role = 4, chain = 5, machine = 6, oidc = 7, program = 8, sso = 9,
        uri = 10 },
}

local function id(cloud, name)
    return (cloud == "aws" and "7%011d" or "7%015d"):format(ACCOUNTS[cloud][name])
end

local function arn(cloud, name)
    return ((cloud == "aws" and "arn:aws:iam" or "acs:ram") .. "::%s:role/spurn"):format(id(cloud, name))
end

local function key_of(cloud, name, has_token)
    local of = cloud .. " " .. name
    return { id = (cloud == "aws" and "AKID" or "LTAI") .. name:upper(), secret = secret(of),
        token = has_token and token(of) or nil }
end

local KEYS <const> = {
    aws = { env = key_of("aws", "env", true), kept = key_of("aws", "kept"), program = key_of("aws", "program", true) },
    alibaba = { env = key_of("alibaba", "env", true), kept = key_of("alibaba", "kept"),
        sts = key_of("alibaba", "sts", true), role = key_of("alibaba", "role"),
        program = key_of("alibaba", "program", true) },
}
local WEB_TOKEN <const>, OIDC_TOKEN <const> = token "web", token "oidc"
local PORTAL_TOKEN <const>, ACCESS_TOKEN <const> = token "portal", token "access"
local POD_AUTHORIZATION <const> = token "pod"

local function scenario()
    local accounts = {}
    for cloud, names in pairs(ACCOUNTS) do
        for name in pairs(names) do
            accounts[#accounts + 1] = { cloud = cloud, id = id(cloud, name),
                keys = { KEYS[cloud][name] },
                roles = { { name = "spurn", trusts = { "*" }, session = SESSION,
                    web_identity = { cloud == "aws" and WEB_TOKEN or OIDC_TOKEN } } },
                regions = { { name = cloud == "aws" and "us-east-1" or "cn-hangzhou", invitations = {
                    { sender = cloud == "aws" and "999999999999" or "9999999999999999", name = "share %d",
                        ["repeat"] = 3 } } } } }
        end
    end
    return { schema = 1, accounts = accounts,
        instance = { aws = { account = id("aws", "machine"), role = "spurn" },
            alibaba = { account = id("alibaba", "machine"), role = "spurn" } },
        containers = {
            { cloud = "aws", path = "/v1/credentials", account = id("aws", "pod"), role = "spurn",
                authorization = POD_AUTHORIZATION },
            { cloud = "alibaba", path = "/credentials", account = id("alibaba", "uri"), role = "spurn" } },
        sso = {
            { cloud = "aws", token = PORTAL_TOKEN, accounts = { { account = id("aws", "sso"), role = "spurn" } } },
            { cloud = "alibaba", token = ACCESS_TOKEN, accounts = { { account = id("alibaba", "sso"),
                role = "spurn" } } } },
    }
end

-- ---- files as the clouds' tools write them ----

local function aws_files(path)
    local kept, own = KEYS.aws.kept, KEYS.aws.program
    return {
        [".aws/credentials"] = ("[kept]\naws_access_key_id = %s\naws_secret_access_key = %s\n"):format(kept.id,
            kept.secret),
        [".aws/config"] = table.concat({
            "[profile role]", "role_arn = " .. arn("aws", "role"), "source_profile = kept",
            "[profile web]", "role_arn = " .. arn("aws", "web"), "web_identity_token_file = " .. path .. "/web_token",
            "[profile sso]", "sso_session = here", "sso_account_id = " .. id("aws", "sso"), "sso_role_name = spurn",
            "[sso-session here]", "sso_region = us-east-1", "sso_start_url = https://example.awsapps.com/start",
            "[profile program]", "credential_process = cat " .. path .. "/program.json",
            "[profile machine]", "role_arn = " .. arn("aws", "machine"), "credential_source = Ec2InstanceMetadata",
            "[profile pod]", "role_arn = " .. arn("aws", "pod"), "credential_source = EcsContainer", "" }, "\n"),
        -- Named by the SHA-1 of "here".
        [".aws/sso/cache/0154c0dabe7145db37e0b81bf667e7224abec0ba.json"] = cjson.encode {
            startUrl = "https://example.awsapps.com/start", region = "us-east-1", accessToken = PORTAL_TOKEN,
            expiresAt = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 3600) },
        ["program.json"] = cjson.encode { Version = 1, AccessKeyId = own.id, SecretAccessKey = own.secret,
            SessionToken = own.token, Expiration = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 3600) },
        ["web_token"] = WEB_TOKEN .. "\n",
        ["pod_token"] = POD_AUTHORIZATION .. "\n",
    }
end

local function alibaba_files(path, emulator)
    local kept, sts, role, own = KEYS.alibaba.kept, KEYS.alibaba.sts, KEYS.alibaba.role, KEYS.alibaba.program
    local function profile(name, mode, members)
        members.name, members.mode, members.region_id, members.output_format = name, mode, "cn-hangzhou", "json"
        return members
    end
    return {
        [".aliyun/config.json"] = cjson.encode { current = "kept", profiles = {
            profile("kept", "AK", { access_key_id = kept.id, access_key_secret = kept.secret }),
            profile("sts", "StsToken", { access_key_id = sts.id, access_key_secret = sts.secret,
                sts_token = sts.token }),
            profile("role", "RamRoleArn", { access_key_id = role.id, access_key_secret = role.secret,
                ram_role_arn = arn("alibaba", "role"), ram_session_name = "spurn", expired_seconds = 900 }),
            profile("chain", "ChainableRamRoleArn", { source_profile = "role", ram_role_arn = arn("alibaba", "chain"),
                ram_session_name = "spurn" }),
            profile("machine", "EcsRamRole", { ram_role_name = "spurn" }),
            profile("oidc", "OIDC", { oidc_provider_arn = "acs:ram::1:oidc-provider/x",
                oidc_token_file = path .. "/oidc_token", ram_role_arn = arn("alibaba", "oidc"),
                ram_session_name = "spurn" }),
            profile("program", "External", { process_command = "cat " .. path .. "/external.json" }),
            profile("sso", "CloudSSO", { cloud_sso_sign_in_url = "https://signin.example.com/start",
                cloud_sso_account_id = id("alibaba", "sso"), cloud_sso_access_config = "spurn",
                access_token = ACCESS_TOKEN, cloud_sso_access_token_expire = os.time() + 3600 }),
            profile("uri", "CredentialsURI", { credentials_uri = emulator.alibaba["cn-hangzhou"] .. "/credentials" }),
        } },
        ["external.json"] = cjson.encode { mode = "StsToken", access_key_id = own.id, access_key_secret = own.secret,
            sts_token = own.token },
        ["oidc_token"] = OIDC_TOKEN .. "\n",
    }
end

local function configuration(emulator, more)
    local urls = { aws = emulator.url, alibaba = emulator.alibaba["cn-hangzhou"] }
    local services = { aws = { "ram", "sts", "organizations", "sso", "metadata" },
        alibaba = { "resourcesharing", "sts", "resourcemanager", "sso", "metadata" } }
    local lines = { 'journal = "spurn.db"', 'policy "policy.lua"', more }
    for cloud, names in pairs(ACCOUNTS) do
        local endpoints = {}
        for i, service in ipairs(services[cloud]) do
            endpoints[i] = ('%s = "%s"'):format(service, urls[cloud])
        end
        for name in pairs(names) do
            lines[#lines + 1] = ('%s { account = "%s", %s regions = { "%s" }, endpoint = { %s } }'):format(cloud,
                id(cloud, name), name ~= "env" and ('profile = "%s",'):format(name) or "",
                cloud == "aws" and "us-east-1" or "cn-hangzhou", table.concat(endpoints, ", "))
        end
    end
    return table.concat(lines, "\n") .. "\n"
end

local function environment(t, emulator)
    local aws, alibaba = KEYS.aws.env, KEYS.alibaba.env
    local variables = {
        HOME = t.path,
        AWS_ACCESS_KEY_ID = aws.id, AWS_SECRET_ACCESS_KEY = aws.secret, AWS_SESSION_TOKEN = aws.token,
        AWS_CONTAINER_CREDENTIALS_FULL_URI = emulator.url .. "/v1/credentials",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = t.path .. "/pod_token",
        ALIBABA_CLOUD_ACCESS_KEY_ID = alibaba.id, ALIBABA_CLOUD_ACCESS_KEY_SECRET = alibaba.secret,
        ALIBABA_CLOUD_SECURITY_TOKEN = alibaba.token,
    }
    local words = {}
    for name, value in pairs(variables) do
        words[#words + 1] = name .. "=" .. program.quote(value)
    end
    return table.concat(words, " ")
end

local TARGETS <const> = 18
local POLICY <const> = 'reject "the first" (name "share 1")\n'

-- ---- looking for them ----

local FROM_ENVIRONMENT <const> = {}
for cloud in pairs(KEYS) do
    FROM_ENVIRONMENT[KEYS[cloud].env.secret] = "environment"
    FROM_ENVIRONMENT[KEYS[cloud].env.token] = "environment"
end

local function percent(text)
    return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function base64(text)
    local bits = text:gsub(".", function(c)
        local byte = c:byte()
        local digits = ""
        for i = 7, 0, -1 do
            digits = digits .. (byte >> i & 1)
        end
        return digits
    end)
    local letters <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return (bits:sub(1, #bits // 6 * 6):gsub("%d%d%d%d%d%d", function(six)
        local n = tonumber(six, 2)
        return letters:sub(n + 1, n + 1)
    end))
end

-- How a text may have been written down: as it is, in addresses and forms, in what is signed there, in JSON, in base64.
local function forms_of(text)
    local forms = { text }
    for _, form in ipairs { percent(text), percent(percent(text)), (text:gsub("/", "\\/")),
        base64(text), base64(text:sub(2)), base64(text:sub(3)) } do
        if form ~= text then
            forms[#forms + 1] = form
        end
    end
    return forms
end

-- Every secret that there is by now, into the file that the search reads.
local function write_texts(path, emulator)
    local texts, seen = {}, {}
    local function add(name, text)
        if seen[text] then
            return
        end
        seen[text] = true
        for _, form in ipairs(forms_of(text)) do
            texts[#texts + 1] = ("%s\t%s\n"):format(FROM_ENVIRONMENT[text] or name, form)
        end
    end
    for _, known in ipairs(emulator.secrets()) do
        add(known.kind, known.text)
    end
    for _, keys in pairs(KEYS) do
        for _, key in pairs(keys) do
            add("secret key", key.secret)
        end
    end
    for name, text in pairs { web = WEB_TOKEN, oidc = OIDC_TOKEN, portal = PORTAL_TOKEN, access = ACCESS_TOKEN,
        pod = POD_AUTHORIZATION } do
        add(name, text)
    end
    program.write_file(path, table.concat(texts))
end

-- What the search says: { { name, where, how, before }, ... }.
local function seek(t, emulator, what)
    local texts = t.path .. "/texts"
    write_texts(texts, emulator)
    local ran = program.run_command(("%s/seek %s %s"):format(t.path, texts, what))
    t:ended(ran, 0)
    t:truth(tonumber(ran.out:match "(%d+) bytes\n$") > 0, "something to search in")
    local finds = {}
    for name, where, how, before in ran.out:gmatch "([^|\n]*)|([^|\n]*)|([^|\n]*)|([^\n]*)\n" do
        finds[#finds + 1] = { name = name, where = where, how = how, before = before }
    end
    return finds
end

-- The memory of the process as it is now, or as soon as it waits for something.
local function snapshot(t, emulator, process)
    return seek(t, emulator, "-p " .. process.pid)
end

-- A sanitizer keeps a copy of the whole environment for itself.
local IS_SANITIZED <const> = (os.getenv "CFLAGS" or ""):find("-fsanitize=", 1, true) ~= nil

-- Those that must not be: all that a core dump would show, but for the block that the process was started with, and
-- there only what was put there.
local function wrong(finds)
    local told, seen = {}, {}
    for _, find in ipairs(finds) do
        local is_right = find.how == "left out" or find.name == "environment" and
            (find.how == "environment" or IS_SANITIZED and find.where == "anonymous")
        local place = ("%s in %s, %s"):format(find.name, find.where, find.how)
        if not is_right and not seen[place] then
            seen[place] = true
            told[#told + 1] = ("%s, behind %q"):format(place, find.before)
        end
    end
    return table.concat(told, "\n    ")
end

local function is_found(finds, name, how)
    for _, find in ipairs(finds) do
        if find.name == name and find.how == how then
            return true
        end
    end
    return false
end

-- ---- the runs ----

-- Answers that echo, and answers that nobody wants.
local TROUBLE <const> = {
    { "deny=AccessDenied" }, { "garbage" }, { "expired_token" }, { "expired_keys" }, { "html=403" },
    { "redirect=http://127.0.0.1:1/", }, { "broken" },
}

-- The emulator and the files; `more` is added to the configuration, `change` alters the scenario.
local function world(t, more, change)
    local played = scenario()
    if change then
        change(played)
    end
    local emulator = t:emulator(played)
    t:folder { ["spurn.lua"] = configuration(emulator, more), ["policy.lua"] = POLICY }
    t:folder(aws_files(t.path))
    t:folder(alibaba_files(t.path, emulator))
    t:tool "seek"
    return emulator
end

local function run(t, emulator, arguments)
    return t:spurn("--log-level debug -c spurn.lua " .. arguments, { environment = environment(t, emulator) })
end

-- Every file below the test's folder that is not among those that were there before, the emulator's among them.
local function written_files(t, before)
    local files = {}
    for path in program.run_command("find " .. t.path .. " -type f").out:gmatch "[^\n]+" do
        if not before[path] and not path:find "/process%-1%." and not path:find "/texts$" then
            files[#files + 1] = path
        end
    end
    return files
end

local function set_of(list)
    local set = {}
    for _, item in ipairs(list) do
        set[item] = true
    end
    return set
end

-- How often the emulator has heard this operation by now.
local function heard(emulator, op)
    return program.count(emulator.ledger(), "op", op)
end

local function hears(t, emulator, op, count)
    t:becomes(30, ("%s, %d times"):format(op, count), function() return heard(emulator, op) >= count end)
end

test "every source gives keys, and not one of them is written anywhere" (function(t)
    local emulator = world(t, 'daemon { every = "1s", jitter = "0s" }')
    local before = set_of(written_files(t, {}))
    local outputs = {}
    local function keep(result)
        outputs[#outputs + 1] = result.out .. result.err
        program.write_file(t.path .. "/outputs", table.concat(outputs))
        return result
    end
    local doctor = keep(run(t, emulator, "doctor --format json"))
    t:ended(doctor, 0)
    t:equal(#doctor.json.targets, TARGETS)
    t:ended(keep(run(t, emulator, "plan")), 0)
    t:ended(keep(run(t, emulator, "apply --yes --format json")), 0)
    t:equal(#program.rejections(emulator), 2 * TARGETS, "rejections, doctor's among them")
    for _, faults in ipairs(TROUBLE) do
        emulator.fault(faults)
        for _, arguments in ipairs { "plan --format json", "doctor", "--log-format json plan" } do
            t:ended(keep(run(t, emulator, arguments)), 1)
        end
    end
    emulator.fault { "status=500:op=list:count=3" }
    local daemon = t:start(program.build .. "/spurn --log-level debug -c spurn.lua daemon", environment(t, emulator))
    hears(t, emulator, "GetResourceShareInvitations", heard(emulator, "GetResourceShareInvitations") + 20)
    local files = written_files(t, before)
    for _, name in ipairs { "/spurn.db", "/spurn.db-wal", "/outputs", "/process-2.err" } do
        t:truth(set_of(files)[t.path .. name], name .. " among what was written")
    end
    t:equal(wrong(seek(t, emulator, table.concat(files, " "))), "")
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 10), 0)
    t:equal(wrong(seek(t, emulator, table.concat(written_files(t, before), " "))), "")
end)

test "secrets that are not the right ones are not written anywhere either" (function(t)
    local emulator = world(t, nil, function(played)
        for _, account in ipairs(played.accounts) do
            for i, key in ipairs(account.keys) do
                account.keys[i] = { id = key.id, secret = secret("not " .. key.secret), token = key.token }
            end
        end
    end)
    local before = set_of(written_files(t, {}))
    local doctor, plan = run(t, emulator, "doctor"), run(t, emulator, "plan --format json")
    t:ended(doctor, 1)
    t:ended(plan, 1)
    t:holds(plan.err, "SignatureDoesNotMatch")
    t:folder { outputs = doctor.out .. doctor.err .. plan.out .. plan.err }
    t:equal(wrong(seek(t, emulator, table.concat(written_files(t, before), " "))), "")
end)

test "no process that is started has one among its arguments" (function(t)
    local emulator = world(t)
    t:folder { ["program.json"] = "", ["wait.sh"] = "#!/bin/sh\nexec sleep 20\n" }
    t:folder { [".aws/config"] = program.read_file(t.path .. "/.aws/config"):gsub("cat [^\n]*", t.path .. "/wait.sh") }
    t:ended(program.run_command("chmod 755 " .. t.path .. "/wait.sh"), 0)
    local process = t:start(program.build .. "/spurn -c spurn.lua plan", environment(t, emulator))
    local arguments = t:becomes(10, "the program and what it became", function()
        local children = program.run_command(("cat /proc/%d/task/*/children"):format(process.pid)).out
        local child = children:match "%d+"
        local both = child and program.run_command(
            ("cat /proc/%d/cmdline /proc/%s/cmdline"):format(process.pid, child)).out
        return both and both:find("sleep\00020\0", 1, true) and both
    end)
    t:holds(arguments, "spurn\0-c\0spurn.lua\0plan\0")
    t:folder { arguments = arguments }
    t:equal(wrong(seek(t, emulator, t.path .. "/arguments")), "")
end)

-- Only root may look into the memory of a process with keys: for others these tests are left out, and that is said.
local IS_ROOT <const> = program.run_command("id -u").out == "0\n"

local function memory_test(name)
    return IS_ROOT and test(name) or function() print("left out, since it takes root: " .. name) end
end

local OPERATIONS <const> = {
    { "GetResourceShareInvitations", "list" }, { "ListResourceShareInvitations", "list" },
    { "RejectResourceShareInvitation", "reject", "apply --yes" }, { "identity", "identity", "doctor" },
    { "assume", "assume" }, { "web_identity", "web_identity" }, { "portal", "portal" }, { "container", "container" },
    { "metadata_token", "metadata_token" }, { "metadata", "metadata" }, { "oidc", "oidc" },
    { "cloud_sso", "cloud_sso" },
}
for _, case in ipairs(OPERATIONS) do
    local entry, op, arguments = table.unpack(case)
    memory_test("while a reply to " .. entry .. " is awaited, a core dump would show no secret")(function(t)
        local emulator = world(t)
        emulator.fault { "slow=900:op=" .. op }
        local process = t:start(("%s/spurn -c spurn.lua %s"):format(program.build, arguments or "plan"),
            environment(t, emulator))
        hears(t, emulator, entry, 1)
        local finds = snapshot(t, emulator, process)
        t:await(process, 30)
        t:equal(wrong(finds), "")
        t:truth(is_found(finds, "environment", "environment"), "what stands in the environment")
        t:truth(is_found(finds, "environment", "left out"), "the copy of it that is in use")
    end)
end

memory_test "nor would one of a daemon, between sweeps, waiting to try again, and fetching keys anew" (function(t)
    local emulator = world(t, 'daemon { every = "2s", jitter = "0s" }')
    local daemon = t:start(program.build .. "/spurn -c spurn.lua daemon", environment(t, emulator))
    local list = "GetResourceShareInvitations"
    hears(t, emulator, "RejectResourceShareInvitation", TARGETS)
    local finds = {}
    local function look(what)
        for _, find in ipairs(snapshot(t, emulator, daemon)) do
            find.name = find.name == "environment" and find.name or what .. ": " .. find.name
            finds[#finds + 1] = find
        end
    end
    for n = 1, 3 do
        t:becomes(20, "the end of a sweep", function()
            return (program.read_file(daemon.err) or ""):find(("sweep %d: journal head"):format(n))
        end)
        look("after sweep " .. n)
    end
    emulator.fault { "throttle=2:op=list:count=4", "status=503:op=assume:count=2" }
    hears(t, emulator, list, heard(emulator, list) + 2)
    look "throttled"
    local assumed = heard(emulator, "assume")
    for n = 1, 4 do
        hears(t, emulator, "assume", assumed + n)
        look("refresh " .. n)
    end
    t:signal(daemon, "TERM")
    t:equal(t:await(daemon, 10), 0)
    t:equal(wrong(finds), "")
end)

memory_test "nor what came over TLS and was deciphered" (function(t)
    local own = KEYS.aws.program
    local emulator = t:emulator { schema = 1, accounts = { { cloud = "aws", id = program.AWS_ACCOUNT, keys = { own },
        regions = { { name = "us-east-1" } } } } }
    emulator.fault { "slow=900:op=list" }
    t:tool "seek"
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = POLICY }
    local server = t:https_server(cjson.encode { AccessKeyId = own.id, SecretAccessKey = own.secret, Token = own.token,
        Expiration = "2100-01-01T00:00:00Z" })
    local process = t:start(program.build .. "/spurn -c spurn.lua plan",
        ("HOME=%s AWS_CONTAINER_CREDENTIALS_FULL_URI=%s/answer AWS_CA_BUNDLE=%s"):format(t.path, server.url,
        server.authorities))
    hears(t, emulator, "GetResourceShareInvitations", 1)
    local finds = snapshot(t, emulator, process)
    t:equal(t:await(process, 10), 0)
    t:equal(wrong(finds), "")
    t:truth(is_found(finds, "secret key", "left out"), "the key that is in use")
    t:truth(is_found(finds, "session token", "left out"), "its token")
end)

-- Even root without its capabilities may only look into what may be dumped.
memory_test "a process with keys may not be dumped, nor looked into by others" (function(t)
    local emulator = world(t)
    local without <const> = "setpriv --bounding-set=-all --inh-caps=-all "
    emulator.fault { "slow=900:op=list" }
    local plain = t:start(without .. "sleep 60")
    local process = t:start(without .. program.build .. "/spurn -c spurn.lua plan", environment(t, emulator))
    hears(t, emulator, "GetResourceShareInvitations", 1)
    write_texts(t.path .. "/texts", emulator)
    local function look_into(other)
        return program.run_command(("%s%s/seek %s/texts -p %d"):format(without, t.path, t.path, other.pid))
    end
    t:ended(look_into(plain), 0)
    t:ended(look_into(process), 2, "Permission denied")
    t:truth(program.run_command(("cat /proc/%d/limits"):format(process.pid)).out:find "Max core file size +0 +0 ",
        "no core file")
end)

test "what is planted is found: in memory, in the environment, in a file, whole or in part, however it is written" (
    function(t)
    local emulator = world(t)
    t:folder { ["plain"] = "x" .. KEYS.aws.kept.secret .. "y", ["percent"] = "a" .. percent(WEB_TOKEN):sub(30),
        ["base64"] = base64("xx" .. PORTAL_TOKEN), ["none"] = ("x"):rep(5000) }
    for _, file in ipairs { "plain", "percent", "base64" } do
        t:truth(#seek(t, emulator, t.path .. "/" .. file) > 0, "a find in " .. file)
    end
    t:equal(#seek(t, emulator, t.path .. "/none"), 0)
    t:folder { ["hold.lua"] = 'local kept = io.open("plain"):read "a":sub(9, 30)\nprint(#kept)\nio.stdout:flush()\n' ..
        'io.popen("sleep 60"):read "a"\nprint(kept)\n' }
    local holder = t:start("lua5.4 hold.lua", environment(t, emulator))
    t:becomes(5, "it to hold the secret", function() return program.read_file(holder.out) == "22\n" end)
    local finds = snapshot(t, emulator, holder)
    t:truth(is_found(finds, "secret key", "dumped"), "what it read")
    t:truth(is_found(finds, "environment", "environment"), "what it was started with")
    t:holds(wrong(finds), "secret key in [heap], dumped")
    t:lacks(wrong(finds), "environment in")
end)
