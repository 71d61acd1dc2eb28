-- Where requests go: which word names an endpoint first, the clouds' own hosts, proxies, whose certificates count.
-- A proxy that answers nobody stands where the clouds would be asked, so that nothing leaves this machine.
local estate = require "estate"
local program = require "program"
local test = program.test

local LIST <const> = "GetResourceShareInvitations"
local DEAD <const> = "http://127.0.0.1:1" -- nobody listens there
local ID <const> = estate.id("aws", 1)

local function one_account(t)
    local scenario = program.both({ { sender = "999999999999" } }, { { sender = "9999999999999999" } })
    estate.add(scenario, "aws", ID)
    return t:emulator(scenario)
end

local NONE <const> = "HTTPS_PROXY= ALL_PROXY= all_proxy= NO_PROXY= no_proxy= AWS_CA_BUNDLE="

-- An environment with these keys, these proxies and no others, and more.
local function environment_with(keys, proxies, more)
    return ("%s %s http_proxy=%s https_proxy=%s %s"):format(keys, NONE, proxies.http or "", proxies.https or "",
        more or "")
end

local function environment(proxies, more)
    return environment_with(program.KEYS, proxies, more)
end

local KEYS_OF <const> = "[%s]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"

local function plan(t, variables)
    return t:spurn("plan --format json", { environment = variables })
end

-- ---- which word wins ----

-- Where an endpoint may be named, the first winning over the next.
local PLACES <const> = { "target", "own variable", "variable", "services", "profile" }

-- A configuration and environment that name `urls` (by place) as the endpoint of `service`.
local function name_endpoints(t, service, urls)
    local config = "[profile here]\n"
    if urls.profile then
        config = config .. "endpoint_url = " .. urls.profile .. "\n"
    end
    if urls.services then
        config = config .. ("services = mine\n[services mine]\n%s =\n  endpoint_url = %s\n"):format(
            service, urls.services)
    end
    local named = urls.target and ("endpoint = { %s = %q },"):format(service, urls.target) or ""
    local own = "AWS_ENDPOINT_URL_" .. service:upper()
    local entry = 'aws { profile = "here", role_arn = "arn:aws:iam::%s:role/spurn", %s regions = { "us-east-1" } }\n'
    estate.configure(t, entry:format(ID, named),
        { [".aws/config"] = config, [".aws/credentials"] = KEYS_OF:format "here" })
    local variables = urls.variable and "AWS_ENDPOINT_URL=" .. urls.variable or ""
    if urls["own variable"] then
        variables = variables .. " " .. own .. "=" .. urls["own variable"]
    end
    return variables
end

for _, service in ipairs { "ram", "sts" } do
    for first, place in ipairs(PLACES) do
        test(("the endpoint of %s that the %s names wins over what comes after"):format(service, place))(function(t)
            local emulator, proxy = one_account(t), t:listener()
            local urls = { [place] = emulator.url }
            for later = first + 1, #PLACES do
                urls[PLACES[later]] = DEAD
            end
            local variables = name_endpoints(t, service, urls)
            if service == "sts" then -- the invitations are asked for wherever that leads
                plan(t, environment({ https = proxy.url }, variables))
                t:equal(estate.asked(emulator)["assume ok"], 1)
            else -- the role's keys come through a variable of their own
                local result = plan(t, environment({}, variables .. " AWS_ENDPOINT_URL_STS=" .. emulator.url))
                t:ended(result, 0)
                t:equal(estate.asked(emulator)[LIST .. " ok"], 1)
                t:equal(#proxy.heard(), 0)
            end
        end)
    end
end

local IGNORED <const> = {
    { "the environment", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "" },
    { "the profile", "", "ignore_configured_endpoint_urls = true\n" },
}
for _, case in ipairs(IGNORED) do
    local who, variable, line = table.unpack(case)
    test("when " .. who .. " says so, no endpoint of environment and profile counts, but the target's does")(function(t)
        local emulator, proxy = one_account(t), t:listener()
        local url = emulator.url
        local variables = ("%s AWS_ENDPOINT_URL=%s AWS_ENDPOINT_URL_RAM=%s"):format(variable, url, url)
        local entry = ('aws { profile = "here", account = "%s", regions = { "us-east-1" }%%s }\n'):format(
            program.AWS_ACCOUNT)
        local files = { [".aws/config"] = "[profile here]\nendpoint_url = " .. emulator.url .. "\n" .. line,
            [".aws/credentials"] = KEYS_OF:format "here" }
        estate.configure(t, entry:format "", files)
        t:ended(plan(t, environment({ https = proxy.url }, variables)), 1, "https://ram.us-east-1.amazonaws.com")
        t:equal(#emulator.ledger(), 0)
        t:equal(proxy.heard()[1], "CONNECT ram.us-east-1.amazonaws.com:443 HTTP/1.1")
        estate.configure(t, entry:format((', endpoint = "%s"'):format(emulator.url)), files)
        t:ended(plan(t, environment({}, variables)), 0)
    end)
end

test "an endpoint of the environment that is no base URL is named, and nothing is asked" (function(t)
    local proxy = t:listener()
    estate.configure(t, 'aws { regions = { "us-east-1" } }\n')
    local result = plan(t, environment({ http = proxy.url, https = proxy.url },
        "AWS_ENDPOINT_URL_RAM=https://user:hunter2@example.com/path"))
    t:ended(result, 1, "cannot use AWS_ENDPOINT_URL_RAM for ram: it is not of the form https://host[:port]")
    t:lacks(result.err .. result.out, "hunter2")
    t:equal(#proxy.heard(), 0)
end)

-- ---- the clouds' own hosts ----

local HOSTS <const> = {
    { "", 'aws { %s, regions = { "us-west-2" } }', "ram.us-west-2.amazonaws.com" },
    { "", 'aws { %s, regions = { "us-west-2" }, fips = true }', "ram-fips.us-west-2.amazonaws.com" },
    { "", 'aws { %s, regions = { "us-west-2" }, dual_stack = true }', "ram.us-west-2.api.aws" },
    { "", 'aws { %s, regions = { "us-west-2" }, fips = true, dual_stack = true }', "ram-fips.us-west-2.api.aws" },
    { "AWS_USE_FIPS_ENDPOINT=true", 'aws { %s, regions = { "eu-west-1" } }', "ram-fips.eu-west-1.amazonaws.com" },
    { "AWS_USE_DUALSTACK_ENDPOINT=true", 'aws { %s, regions = { "eu-west-1" } }', "ram.eu-west-1.api.aws" },
    { "", 'aws { %s, profile = "fips", regions = { "eu-west-1" } }', "ram-fips.eu-west-1.amazonaws.com" },
    { "", 'aws { %s, profile = "dual", regions = { "eu-west-1" } }', "ram.eu-west-1.api.aws" },
    { "", 'aws { %s, regions = { "cn-north-1" } }', "ram.cn-north-1.amazonaws.com.cn" },
    { "", 'aws { %s, regions = { "cn-north-1" }, dual_stack = true }', "ram.cn-north-1.api.amazonwebservices.com.cn" },
    { "", 'aws { %s, regions = { "us-gov-west-1" }, fips = true }', "ram.us-gov-west-1.amazonaws.com" },
    { "", 'aws { %s, regions = { "eusc-de-east-1" } }', "ram.eusc-de-east-1.amazonaws.eu" },
    { "", 'alibaba { %s, regions = { "cn-hangzhou" } }', "resourcesharing.cn-hangzhou.aliyuncs.com" },
    { "", 'alibaba { %s, regions = { "cn-hangzhou" }, vpc = true }', "resourcesharing-vpc.cn-hangzhou.aliyuncs.com" },
    { "", 'aws { role_arn = "arn:aws:iam::200000000001:role/spurn", regions = { "us-west-2" }, fips = true }',
        "sts-fips.us-west-2.amazonaws.com" },
    { "", 'aws { role_arn = "arn:aws-cn:iam::200000000001:role/spurn", regions = "all" }',
        "sts.cn-northwest-1.amazonaws.com.cn" },
}
test "each variant and partition has its own hosts" (function(t)
    local proxy = t:listener()
    local asked_before = 0
    for _, case in ipairs(HOSTS) do
        local variables, entry, host = table.unpack(case)
        local account = entry:find "^aws" and program.AWS_ACCOUNT or program.ALIBABA_ACCOUNT
        estate.configure(t, entry:format(('account = "%s"'):format(account)) .. "\n", { [".aws/config"] =
            "[profile fips]\nuse_fips_endpoint = true\n[profile dual]\nuse_dualstack_endpoint = true\n",
            [".aws/credentials"] = KEYS_OF:format "fips" .. KEYS_OF:format "dual" })
        local result = plan(t, environment({ https = proxy.url }, variables))
        t:ended(result, 1, host)
        local asked = proxy.heard()
        t:truth(#asked > asked_before, "the proxy was asked for " .. host)
        for i = asked_before + 1, #asked do
            t:equal(asked[i], "CONNECT " .. host .. ":443 HTTP/1.1")
        end
        asked_before = #asked
    end
end)

test "each service that a sweep needs is asked at its own host" (function(t)
    local proxy = t:listener()
    estate.configure(t, 'aws { organization = { role = "spurn" }, regions = { "us-west-2" } }\n' ..
        'alibaba { organization = { role = "spurn" }, regions = { "cn-hangzhou" } }\n')
    t:ended(plan(t, environment { https = proxy.url }), 1)
    local seen = {}
    for _, line in ipairs(proxy.heard()) do
        seen[line:match "^CONNECT (%S+):443 "] = true
    end
    for _, host in ipairs { "sts.us-west-2.amazonaws.com", "organizations.us-east-1.amazonaws.com",
        "sts.aliyuncs.com", "resourcemanager.aliyuncs.com" } do
        t:truth(seen[host], host .. " was asked")
        seen[host] = nil
    end
    t:equal(next(seen), nil, "another host")
end)

-- ---- proxies ----

test "the clouds are asked through a proxy, https and http alike, unless no_proxy names them" (function(t)
    local emulator, proxy = one_account(t), t:listener()
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local result = plan(t, environment { http = proxy.url, https = proxy.url })
    t:ended(result, 1)
    t:equal(result.json.summary.targets_failed, 2)
    t:equal(#emulator.ledger(), 0)
    for _, line in ipairs(proxy.heard()) do
        t:holds(line, " http://127.0.0.1:")
    end
    local before = #proxy.heard()
    local past = environment({ http = proxy.url, https = proxy.url }):gsub("no_proxy= ", "no_proxy=127.0.0.1 ")
    t:ended(plan(t, past), 0)
    t:equal(#proxy.heard(), before)
end)

test "what hands out keys on this machine is asked past every proxy, the clouds through it" (function(t)
    local scenario = program.both({}, {})
    scenario.accounts[1].keys, scenario.accounts[2].keys = nil, nil
    scenario.instance = { aws = { account = program.AWS_ACCOUNT, role = "here" },
        alibaba = { account = program.ALIBABA_ACCOUNT, role = "here" } }
    scenario.containers = { { cloud = "aws", path = "/keys", account = program.AWS_ACCOUNT, role = "here",
        authorization = "let me in" } }
    local emulator, proxy = t:emulator(scenario), t:listener()
    local proxies = environment_with("", { http = proxy.url, https = proxy.url }, "all_proxy=" .. proxy.url)
    local function fails_behind_proxy(entry, variables, host, operations)
        estate.configure(t, entry)
        local before, ledger = #proxy.heard(), #emulator.ledger()
        t:ended(plan(t, proxies .. " " .. variables), 1, host)
        local asked, calls = proxy.heard(), {}
        for i = before + 1, #asked do
            t:equal(asked[i], "CONNECT " .. host .. ":443 HTTP/1.1")
        end
        t:truth(#asked > before, "the proxy was asked")
        for i, call in ipairs(emulator.ledger()) do
            calls[#calls + 1] = i > ledger and call.op .. " " .. call.result or nil
        end
        t:equal(table.concat(calls, ", "), operations)
    end
    local here = emulator.alibaba["cn-hangzhou"]
    fails_behind_proxy(('aws { account = "%s", regions = { "us-east-1" }, endpoint = { metadata = "%s" } }\n'):format(
        program.AWS_ACCOUNT, emulator.url), "", "ram.us-east-1.amazonaws.com",
        "metadata_token ok, metadata ok, metadata ok")
    fails_behind_proxy(('aws { account = "%s", regions = { "us-east-1" } }\n'):format(program.AWS_ACCOUNT),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN='let me in' AWS_CONTAINER_CREDENTIALS_FULL_URI=" .. emulator.url .. "/keys",
        "ram.us-east-1.amazonaws.com", "container ok")
    fails_behind_proxy(('alibaba { account = "%s", regions = { "cn-hangzhou" }, endpoint = { metadata = "%s" } }\n')
        :format(program.ALIBABA_ACCOUNT, here), "", "resourcesharing.cn-hangzhou.aliyuncs.com",
        "metadata_token ok, metadata ok, metadata ok")
end)

-- ---- what can be read on the way ----

test "plain http to another machine is warned about, once for an endpoint; to this one it is not" (function(t)
    local emulator, proxy = one_account(t), t:listener()
    estate.configure(t, ('aws { account = "%s", regions = { "us-east-1", "us-west-2" }, endpoint = ' ..
        '"http://ram.example.com" }\n'):format(program.AWS_ACCOUNT))
    local result = plan(t, environment { http = proxy.url, https = proxy.url })
    t:ended(result, 1, "go to http://ram.example.com unencrypted")
    t:equal(select(2, result.err:gsub("unencrypted", "")), 1)
    for _, line in ipairs(proxy.heard()) do
        t:holds(line, " http://ram.example.com/")
    end
    t:folder { ["spurn.lua"] = program.config(emulator) }
    t:lacks(plan(t, environment {}).err, "unencrypted")
end)

-- ---- certificates ----

local BUNDLES <const> = {
    { "the environment", "AWS_CA_BUNDLE=/nonexistent/authorities.pem", "", "AWS_CA_BUNDLE" },
    { "the profile", "", "ca_bundle = /nonexistent/authorities.pem\n", "the profile's ca_bundle" },
}
for _, case in ipairs(BUNDLES) do
    local who, variable, line, says = table.unpack(case)
    test("a file of authorities that " .. who .. " names and that is not there is named in the error")(function(t)
        local proxy = t:listener()
        estate.configure(t, ('aws { profile = "here", account = "%s", regions = { "us-east-1" }, endpoint = "%s" }\n')
            :format(program.AWS_ACCOUNT, (proxy.url:gsub("^http:", "https:"))), {
            [".aws/config"] = "[profile here]\n" .. line,
            [".aws/credentials"] = KEYS_OF:format "here" })
        local result = plan(t, environment({}, variable))
        t:ended(result, 1, "cannot read the certificate authorities in /nonexistent/authorities.pem, which " .. says ..
            " names")
        t:lacks(result.err, "no reply")
    end)
end

test "a server whose signer this machine does not trust is refused, and what helps is said; a bundle helps" (function(t)
    local server = t:https_server "{}"
    estate.configure(t, ('aws { account = "%s", regions = { "us-east-1" }, endpoint = "%s" }\n'):format(
        program.AWS_ACCOUNT, server.url))
    local result = plan(t, environment {})
    t:ended(result, 1, "certificate; whoever signed it is not trusted here: ")
    t:holds(result.err, "name the file of such authorities with AWS_CA_BUNDLE or a profile's ca_bundle")
    t:lacks(plan(t, environment({}, "AWS_CA_BUNDLE=" .. server.authorities)).err, "certificate")
end)

-- ---- a proxy on the way ----

test "a proxy that is on the way is named when no reply comes" (function(t)
    estate.configure(t, ('aws { account = "%s", regions = { "us-east-1" } }\n'):format(program.AWS_ACCOUNT))
    t:ended(plan(t, environment({}, "https_proxy=http://127.0.0.1:1")), 1, "no reply from " ..
        "https://ram.us-east-1.amazonaws.com through the proxy of https_proxy: Failed to connect to 127.0.0.1 port 1 ")
end)
