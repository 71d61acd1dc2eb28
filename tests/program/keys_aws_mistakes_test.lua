-- Ways to keys of AWS that are set up wrongly, refused, or run out: the search stops there, or goes on as AWS's own
-- tools do, and what asks for keys goes nowhere else.
local program = require "program"
local keys_aws = require "keys_aws"
local test, fail_each = program.test, keys_aws.fail_each

local SPURN_ROLE <const>, AWAY <const> = keys_aws.SPURN_ROLE, keys_aws.AWAY
local CONFIG <const>, CREDENTIALS <const> = ".aws/config", ".aws/credentials"

-- { [path] = text } of a config file with a profile prod like that; `more` stands behind it.
local function prod(text, more)
    return { files = { [CONFIG] = "[profile prod]\n" .. text .. "\n" .. (more or "") } }
end

local function away_role(change)
    return function(world)
        change(world.accounts[2].roles)
    end
end

-- ---- keys that are written down ----

local USUAL <const> = 'account = "' .. keys_aws.HOME .. '", '
local SECRET <const> = "wJalrXUtnFEMIK7MDENGbPxRfiCYHOME"

local function environment(text)
    return { environment = text .. " AWS_CONTAINER_CREDENTIALS_FULL_URI=%(url)/decoy" ..
        " AWS_EC2_METADATA_SERVICE_ENDPOINT=%(url)", entry = USUAL }
end

fail_each {
    { "environment", "half of a pair", environment "AWS_ACCESS_KEY_ID=AKIDHOME",
        "cannot use environment variables: AWS_ACCESS_KEY_ID is there, but AWS_SECRET_ACCESS_KEY is missing" },
    { "environment", "keys that are over by their own word",
        environment("AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z " ..
        "AWS_ACCESS_KEY_ID=AKIDHOME AWS_SECRET_ACCESS_KEY=" .. SECRET),
        "cannot use environment variables: its keys expired" },
    { "environment", "an end that is no time", environment("AWS_CREDENTIAL_EXPIRATION=soon " ..
        "AWS_ACCESS_KEY_ID=AKIDHOME AWS_SECRET_ACCESS_KEY=" .. SECRET),
        "AWS_CREDENTIAL_EXPIRATION is no time such as" },
    { "environment", "the wrong secret", environment "AWS_ACCESS_KEY_ID=AKIDHOME AWS_SECRET_ACCESS_KEY=another",
        "check the access key id and its secret" },
    { "environment", "a key that nobody knows",
        environment "AWS_ACCESS_KEY_ID=AKIDNOBODY AWS_SECRET_ACCESS_KEY=another",
        "UnrecognizedClientException" },
    { "environment with a session", "no token",
        environment("AWS_ACCESS_KEY_ID=ASIAHOMESESSION AWS_SECRET_ACCESS_KEY=" ..
        SECRET), "UnrecognizedClientException" },
    { "environment", "a session that is over", { entry = USUAL, change = function(world)
        world.accounts[1].keys[1].expired = true
    end }, "ExpiredTokenException", "these keys have expired" },
    { "environment", "a profile that is nowhere beside them",
        { environment = "AWS_PROFILE=nowhere AWS_ACCESS_KEY_ID=" ..
        "AKIDHOME AWS_SECRET_ACCESS_KEY=" .. SECRET }, 'there is no profile "nowhere" in %(home)/.aws/credentials' },
    { "credentials file", "no such profile", { entry = 'profile = "nowhere", ' },
        'cannot find AWS credentials: there is no profile "nowhere" in %(home)/.aws/credentials or %(home)/.aws/config',
        "; the profiles there are default, prod" },
    { "credentials file", "half of a pair", { files = { [CREDENTIALS] = "[prod]\naws_access_key_id = AKIDHOME\n" } },
        "cannot use profile prod in %(home)/.aws/credentials: aws_access_key_id is there, but " },
    { "credentials file", "a line that is none", { files = { [CREDENTIALS] = "[prod]\n" .. SECRET .. "\n" } },
        "cannot read %(home)/.aws/credentials: line 2 is neither [section] nor name = value" },
    { "credentials file", "one profile twice", { files = { [CREDENTIALS] = "[prod]\n[prod]\n" } },
        "cannot read %(home)/.aws/credentials: line 2 opens a section that is there already" },
}

-- ---- roles ----

local MFA <const> = "role_arn = " .. SPURN_ROLE .. "\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/me"
local BASE <const> = "[profile base]\naws_access_key_id = AKIDHOME\naws_secret_access_key = " .. SECRET .. "\n"
local ASSUME <const> = "cannot assume role " .. SPURN_ROLE .. ": 127.0.0.1:"
local ROLE <const>, REFUSED <const> = "role_arn = " .. SPURN_ROLE .. "\n", "answered 403 AccessDenied: User: "
local UNUSABLE <const> = "cannot use profile prod: "

fail_each {
    { "role of a profile", "another external id", { change = away_role(function(roles)
        roles[2].external_id = "say-something-else"
    end) }, REFUSED, "; an external id was sent: see that it is the one that the trust policy asks for" },
    { "role of a profile", "not trusted", { change = away_role(function(roles)
        roles[2].trusts = { keys_aws.MIDDLE }
    end) }, REFUSED, "is not authorized to perform: sts:AssumeRole" },
    { "role of a profile", "a longer session than the role allows", prod(ROLE ..
        "source_profile = base\nduration_seconds = 43200", BASE), ASSUME, "answered 400 ValidationError: ",
        "the duration" },
    { "role of a profile", "no such role", prod("role_arn = arn:aws:iam::" .. AWAY ..
        ":role/absent\nsource_profile = base",
        BASE), "cannot assume role arn:aws:iam::" .. AWAY .. ":role/absent: ", REFUSED },
    { "role of a profile", "no ARN", prod("role_arn = spurn\nsource_profile = base", BASE), UNUSABLE ..
        "its role_arn is not of the form" },
    { "role of a profile", "nobody to assume it", prod(ROLE),
        UNUSABLE .. "it has role_arn, but neither source_profile nor " ..
        "credential_source says whose keys assume it" },
    { "role of a profile", "two to assume it", prod(ROLE .. "source_profile = base\ncredential_source = Environment",
        BASE),
        UNUSABLE .. "it has both source_profile and credential_source; remove one of them" },
    { "role of a profile", "a source that is nowhere", prod(ROLE .. "source_profile = nowhere"),
        UNUSABLE .. "its source_profile nowhere does not exist" },
    { "role of a profile", "a source without keys", prod(ROLE .. "source_profile = bare",
        "[profile bare]\nregion = x\n"),
        UNUSABLE .. "its source_profile bare has no keys" },
    { "role of a profile", "a source with the wrong secret", prod(ROLE .. "source_profile = other",
        "[profile other]\naws_access_key_id = AKIDHOME\naws_secret_access_key = another\n"), ASSUME,
        "answered 403 SignatureDoesNotMatch", "; the secret access key is not the one that belongs to this id" },
    { "role of a profile", "a source whose key nobody knows", prod(ROLE .. "source_profile = other",
        "[profile other]\naws_access_key_id = AKIDNOBODY\naws_secret_access_key = another\n"), ASSUME,
        "answered 403 InvalidClientTokenId", "the access key is unknown or switched off" },
    { "role of a profile", "a code of an MFA device", prod(MFA, BASE),
        UNUSABLE .. "its role wants a code of an MFA device",
        "put keys of aws sts get-session-token" },
    { "chain of roles", "the second refuses", { change = away_role(function(roles)
        roles[1].trusts = { keys_aws.HOME }
    end) }, ASSUME, REFUSED .. "arn:aws:sts::" .. keys_aws.MIDDLE .. ":assumed-role/middle/spurn" },
    { "chain of roles", "a circle", prod(ROLE .. "source_profile = one", "[profile one]\n" .. ROLE ..
        "source_profile = two\n[profile two]\n" .. ROLE .. "source_profile = one\n"),
        "source_profile goes in a circle: prod, one, two, one" },
    { "chain of roles", "a role that is its own source", prod(ROLE .. "source_profile = prod"),
        UNUSABLE .. "source_profile goes in a circle: prod, prod" },
    { "credential_source = Environment", "nothing there", { environment = "AWS_EC2_METADATA_SERVICE_ENDPOINT=%(url)" },
        UNUSABLE .. "its credential_source Environment has no keys" },
    { "credential_source = EcsContainer", "nothing there", { environment = "AWS_EC2_METADATA_SERVICE_ENDPOINT=%(url)" },
        UNUSABLE .. "its credential_source EcsContainer has no keys" },
    { "credential_source = Ec2InstanceMetadata", "switched off", { environment = "AWS_EC2_METADATA_DISABLED=true" },
        UNUSABLE .. "its credential_source Ec2InstanceMetadata has no keys" },
    { "credential_source = Environment", "misspelt", prod(ROLE .. "credential_source = environment"),
        UNUSABLE .. "its credential_source environment is none of Environment, EcsContainer, Ec2InstanceMetadata" },
    { "role of the target", "another external id", { change = away_role(function(roles)
        roles[2].external_id = "say-something-else"
    end) }, "cannot assume role arn:aws:iam::" .. AWAY .. ":role/team/asks: ", REFUSED },
    { "role of the target", "no such role", { change = away_role(function(roles)
        roles[2].name = "absent"
    end) }, REFUSED, "see that the role is there" },
    { "role of the target", "the keys beneath it are wrong", { environment =
        "AWS_ACCESS_KEY_ID=AKIDHOME AWS_SECRET_ACCESS_KEY=another" }, "SignatureDoesNotMatch" },
    { "role of the target", "no keys beneath it", { environment = "AWS_EC2_METADATA_DISABLED=true" },
        "cannot find AWS credentials: AWS_ACCESS_KEY_ID is not set",
        "AWS_EC2_METADATA_DISABLED keeps the instance's role out" },
}

-- ---- programs ----

local PROGRAM <const> = "cannot use profile prod in %(home)/.aws/config: "

-- A profile whose program is this shell script, and keys beside it that are not asked for.
local function script(text)
    return { files = { ["program.sh"] = text .. "\n",
        [CONFIG] = "[profile prod]\ncredential_process = sh program.sh\n" ..
        "aws_access_key_id = AKIDDECOY\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbDECOY\n" } }
end

local function command(text)
    return prod("credential_process = " .. text)
end

local function writes(text)
    return script("echo '" .. text .. "'")
end

local KEYS <const> = '"AccessKeyId":"AKIDHOME","SecretAccessKey":"' .. SECRET .. '"'

fail_each {
    { "credential_process", "no such program", command "/no/such/program", PROGRAM ..
        "cannot run /no/such/program: no such program" },
    { "credential_process", "exit code 3", script("echo '{\"Version\":1," .. KEYS .. "}'; exit 3"), PROGRAM,
        "exit code 3" },
    { "credential_process", "a secret in its complaint", script("echo " .. SECRET .. " >&2; exit 1"), PROGRAM,
        "exit code 1" },
    { "credential_process", "killed", script "kill -9 $$", PROGRAM, "killed by signal 9" },
    { "credential_process", "nothing written", script "true", PROGRAM .. "what it wrote is no JSON object of keys" },
    { "credential_process", "junk", writes(SECRET), PROGRAM .. "what it wrote is no JSON object of keys" },
    { "credential_process", "junk behind its keys", writes('{"Version":1,' .. KEYS .. "} " .. SECRET),
        PROGRAM .. "what it wrote" },
    { "credential_process", "half its keys", writes '{"Version":1,"AccessKeyId":"AKIDHOME"}', PROGRAM ..
        "AccessKeyId is there, but SecretAccessKey is missing" },
    { "credential_process", "no keys", writes '{"Version":1}',
        PROGRAM .. "it has neither AccessKeyId nor SecretAccessKey" },
    { "credential_process", "no version", writes("{" .. KEYS .. "}"), PROGRAM .. 'it did not write "Version": 1' },
    { "credential_process", "another version", writes('{"Version":2,' .. KEYS .. "}"), PROGRAM .. "it did not write" },
    { "credential_process", "keys that are over", writes('{"Version":1,"Expiration":"2020-01-01T00:00:00Z",' ..
        KEYS .. "}"),
        PROGRAM .. "its keys expired" },
    { "credential_process", "an end that is no time", writes('{"Version":1,"Expiration":"soon",' .. KEYS .. "}"),
        PROGRAM, "keys whose Expiration is no time" },
    { "credential_process", "more than anyone reads", script "head -c 70000 /dev/zero", PROGRAM, "more than 64 KiB" },
    { "credential_process", "a quotation mark too few", command "sh 'program.sh",
        PROGRAM .. "cannot split its command line" },
    { "credential_process", "no shell reads it", command "/bin/echo {}; sh program.sh",
        PROGRAM .. "what it wrote is no JSON" },
    { "role with keys of a program", "exit code 3", { files = { ["program.sh"] = "exit 3\n" } },
        "cannot use profile base in %(home)/.aws/config: ", "exit code 3" },
}

-- ---- web identity and single sign-on ----

local WEB <const> = "cannot assume role arn:aws:iam::" .. AWAY .. ":role/web: 127.0.0.1:"
local WEB_FILE <const> = "the web identity token %(home)/token"
local SSO <const> = "cannot use profile prod in %(home)/.aws/config: "
local CACHE <const> = keys_aws.sources["single sign-on"].cache
local LOG_IN <const> = "run aws sso login --sso-session people"

local web_rows = {
    { "no file", false, "cannot read " .. WEB_FILE .. ": no such file" },
    { "an empty file", "\n", "cannot use " .. WEB_FILE .. ": it is empty" },
    { "a file of many lines", "a\nb\n", "cannot use " .. WEB_FILE .. ": it is not one line of text" },
    { "a token that is over", keys_aws.OLD_WEB_TOKEN, WEB, "ExpiredTokenException", "what writes it has to renew it" },
    { "a token that nobody knows", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", WEB, "InvalidIdentityToken",
        "that the file holds the token alone" },
}
for _, name in ipairs { "web identity of a profile", "web identity of the environment" } do
    for _, row in ipairs(web_rows) do
        fail_each { { name, row[1], { files = { token = row[2] } }, table.unpack(row, 3) } }
    end
end

local SSO_ROLE <const> = "sso_session = people\nsso_account_id = " .. keys_aws.HOME .. "\nsso_role_name = "
local PEOPLE <const> = "[sso-session people]\nsso_region = us-east-1\n"

local function cache(text)
    return { files = { [CACHE] = text } }
end

fail_each {
    { "web identity of a profile", "a role that does not trust it", prod("role_arn = " .. SPURN_ROLE ..
        "\nweb_identity_token_file = %(home)/token"), ASSUME,
        "answered 403 AccessDenied", "that its trust policy names the token's issuer, audience and subject" },
    { "web identity of the environment", "no role", { environment = "AWS_WEB_IDENTITY_TOKEN_FILE=%(home)/token",
        files = { [CONFIG] = false } }, "no role's ARN goes with it; set AWS_ROLE_ARN" },
    { "single sign-on", "nobody logged in", cache(false), SSO ..
        "there is no AWS SSO login for it, no file %(home)/.aws/sso/",
        LOG_IN },
    { "single sign-on", "a login that is over", cache(keys_aws.login():gsub("20%d%d%-", "2020-")), SSO ..
        "its AWS SSO login expired at 2020-", LOG_IN },
    { "single sign-on", "a login that is no JSON", cache "wJalrXUtnFEMIK7MDENG",
        SSO .. "cannot read its AWS SSO login %(home)/.aws/sso/", LOG_IN },
    { "single sign-on", "a login without a token", cache '{"expiresAt":"2099-01-01T00:00:00Z"}',
        "has no accessToken", LOG_IN },
    { "single sign-on", "a login that the portal does not know",
        cache '{"accessToken":"x","expiresAt":"2099-01-01T00:00:00Z"}',
        "AWS SSO gives no keys: 127.0.0.1:", "answered 401: Session token not found or invalid", LOG_IN },
    { "single sign-on", "a role that this person has not", { files = { [CONFIG] = "[profile prod]\n" .. SSO_ROLE ..
        "admin\n" .. PEOPLE .. "sso_start_url = a\n" } }, "answered 403: No access",
        "see that sso_account_id and sso_role_name are ones that this person was given" },
    { "single sign-on", "a session that is nowhere", prod(SSO_ROLE .. "reader"), UNUSABLE ..
        "there is no [sso-session people] in %(home)/.aws/config" },
    { "single sign-on", "no start URL", prod(SSO_ROLE .. "reader", PEOPLE), UNUSABLE ..
        "single sign-on needs sso_start_url too; run aws configure sso" },
    { "single sign-on of old", "nobody logged in", { files = { [".aws/sso/cache/%(sha1 of start url).json"] = false } },
        SSO .. "there is no AWS SSO login for it", "run aws sso login --profile prod" },
    { "credentials file", "what aws login left", { files = { [CREDENTIALS] = false, [CONFIG] =
        "[profile prod]\nlogin_session = arn:aws:iam::1:user/me\naws_access_key_id = AKIDDECOY\n" } },
        UNUSABLE .. "its keys come from aws login",
        "aws configure export-credentials --profile prod --format process" },
}

-- ---- containers and instances ----

local CONTAINER <const> = "cannot use the container's role: "

fail_each {
    { "EKS Pod Identity", "another token", { files = { ["pod-token"] = "Bearer another" } }, CONTAINER,
        "answered 401" },
    { "EKS Pod Identity", "no token's file", { files = { ["pod-token"] = false } },
        "cannot read the container's authorization token %(home)/pod-token: no such file" },
    { "EKS Pod Identity", "a token of two lines", { files = { ["pod-token"] = "a\r\nX-Other: b" } },
        "cannot use the container's authorization token %(home)/pod-token: it is not one line" },
    { "EKS Pod Identity", "a host far away over plain http", { environment =
        "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://192.0.2.1/x AWS_CONTAINER_AUTHORIZATION_TOKEN=x" },
        CONTAINER .. "plain http goes to loopback, 169.254.170.2" },
    { "EKS Pod Identity", "no URL", { environment = "AWS_CONTAINER_CREDENTIALS_FULL_URI=nonsense" }, CONTAINER,
        "its address is not of the form https://host[:port]/path" },
    { "EKS Pod Identity", "nobody there", { environment = "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/x" },
        CONTAINER .. "no reply from http://127.0.0.1:1: " },
    { "ECS", "a path that is not there", { environment = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/absent" }, CONTAINER,
        "answered 404" },
    { "instance, tokens required", "nobody there", { environment =
        "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1" }, "no reply from http://127.0.0.1:1: " },
    { "instance, tokens required", "no instance", { change = function(world)
        world.instance = nil
    end }, "its metadata service answered 404" },
    { "instance without tokens", "no keys without a token wanted", { environment =
        "AWS_EC2_METADATA_SERVICE_ENDPOINT=%(url) AWS_EC2_METADATA_V1_DISABLED=true" },
        "(its metadata service answered 404, and AWS_EC2_METADATA_V1_DISABLED" },
}

-- ---- where the search goes on ----

test "a secret without an id in the environment is told, and keys are looked for elsewhere" (function(t)
    local case = keys_aws.case(t, "default profile", { environment = "AWS_SECRET_ACCESS_KEY=another" })
    local plan = case:spurn "plan --format json"
    t:ended(plan, 0)
    t:equal(plan.err,
        "spurn: warn: AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not: looking elsewhere for AWS " ..
        "credentials\n")
    t:equal(plan.json.targets[1].account, keys_aws.HOME)
end)

for _, name in ipairs { "EKS Pod Identity", "instance, tokens required" } do
    test(name .. ": a profile that says nothing of keys leads on to it")(function(t)
        local case = keys_aws.case(t, name, { entry = 'profile = "bare", ',
            files = { [CONFIG] = "[profile bare]\nregion = us-east-1\n" } })
        local plan = case:spurn "plan --format json"
        t:ended(plan, 0)
        t:equal(plan.err, "")
        t:equal(plan.json.targets[1].account, keys_aws.HOME)
    end)
end

-- ---- files that others can read ----

for _, row in ipairs { { "role of a profile", CREDENTIALS }, { "single sign-on", CACHE }, { "chain of roles",
CONFIG } } do
    local name, path = table.unpack(row)
    test(name .. ": a file that others can read is warned of once, whatever its profiles and targets")(function(t)
        local case = keys_aws.case(t, name)
        t:folder { ["spurn.lua"] = case:fill [[
journal = "spurn.db"
aws { profile = "prod", endpoint = "%(url)", regions = { "us-east-1", "eu-west-1" } }
aws { profile = "default", endpoint = "%(url)", regions = { "us-west-2" } }
policy "policy.lua"
]] }
        local file = case:fill("%(home)/" .. path)
        os.execute("chmod 640 " .. program.quote(file))
        local warning = file .. " holds secrets and can be read by others: run chmod 600 on it"
        local plan, doctor = case:spurn "plan --format json", case:spurn "doctor --format json"
        t:ended(plan, 0)
        t:equal(plan.err, "spurn: warn: " .. warning .. "\n")
        t:ended(doctor, 0)
        t:equal(doctor.json.warnings[1], warning)
        t:equal(select(2, table.concat(doctor.json.warnings, "\n"):gsub("chmod 600", "")), 1, "times")
        t:equal(doctor.err, "")
        os.execute("chmod 600 " .. program.quote(file))
        t:equal(case:spurn("plan --format json").err, "")
    end)
end

-- ---- who is asked, and who is not ----

local ASKED <const> = {
    { "role of a profile", "assume" }, { "chain of roles", "assume" }, { "role of the target", "assume" },
    { "web identity of a profile", "web_identity" }, { "single sign-on", "portal" }, { "EKS Pod Identity",
        "container" },
    { "instance, tokens required", "metadata_token" }, { "instance, tokens required", "metadata" },
    { "credential_source = Ec2InstanceMetadata", "metadata" },
}
for _, row in ipairs(ASKED) do
    local name, op = table.unpack(row)
    test(("%s: a redirect in place of %s leads nowhere"):format(name, op))(function(t)
        local case, elsewhere = keys_aws.case(t, name), t:listener()
        local says = op:find "^metadata" and { "instance's role",
            "answered " } or { "answered 302; redirects are not followed" }
        case.emulator.fault { ("redirect=%s/latest/api/token:op=%s"):format(elsewhere.url, op) }
        case:fails(says)
        case:is_unwell(says)
        t:equal(#elsewhere.heard(), 0)
        program.run_command("curl -s " .. elsewhere.url)
        t:becomes(5, "an ear that hears", function() return #elsewhere.heard() == 1 end)
    end)
end

for _, name in ipairs { "EKS Pod Identity", "ECS", "instance, tokens required", "instance without tokens" } do
    test(name .. ": no proxy is told of it")(function(t)
        local case, proxy = keys_aws.case(t, name), t:listener()
        local through = ("http_proxy=%s all_proxy=%s no_proxy= NO_PROXY= "):format(proxy.url, proxy.url)
        local doctor = case:spurn("doctor --format json", through)
        t:ended(doctor, 1)
        t:equal(doctor.json.targets[1].source, case.source.source)
        t:truth(#proxy.heard() > 0, "calls by the proxy")
        for _, line in ipairs(proxy.heard()) do
            t:truth(line:find "^POST http://127.0.0.1:%d+/%a* HTTP/1.1$", "calls to RAM and STS only: " .. line)
        end
        local calls = case:calls()
        t:equal(calls.container, case.source.calls.container or 0)
        t:equal(calls.metadata, case.source.calls.metadata or 0)
        t:equal(calls.identity, 0)
    end)
end
