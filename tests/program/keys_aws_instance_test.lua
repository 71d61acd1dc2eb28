-- The metadata service of an instance going wrong: one line says how, no other keys are used, nothing is rejected.
local program = require "program"
local keys_aws = require "keys_aws"
local test, fail_each = program.test, keys_aws.fail_each

local NO_KEYS <const> = "its answer holds no keys; is something between here and 127.0.0.1:"
local NO_JSON <const> = "expected an object"
local LOST <const> = "cannot find AWS credentials: AWS_ACCESS_KEY_ID is not set, there is no profile \"default\" in "
local NO_TOKEN <const> = " when asked for a token; without one: its metadata service answered 401)"
local INSTANCE <const>, BASE <const> = "instance, tokens required", "credential_source = Ec2InstanceMetadata"
local NO_BASE <const> = "cannot use role " .. keys_aws.SPURN_ROLE ..
    " with the instance's role: there are no keys there ("
local NO_WORD <const> = "cannot use the instance's role: what it answered is no "

for _, start in ipairs { { INSTANCE, LOST }, { BASE, NO_BASE } } do
    local name, lead = table.unpack(start)
    local function row(what, fault, ...)
        return { name, what, { fault = fault }, ... }
    end
    fail_each {
        row("no token's answer", "drop:op=metadata_token", lead, "no reply from %(url)", NO_TOKEN),
        row("a token's answer that takes too long", "slow=5000:op=metadata_token", lead, "timed out", NO_TOKEN),
        row("a service that is down when asked for a token", "status=500:op=metadata_token", lead, "answered 500" ..
            NO_TOKEN),
        row("no tokens for this machine", "deny=AccessDenied:op=metadata_token", lead, "answered 403" .. NO_TOKEN),
        row("a token request that is turned down as such", "deny=NotFound:op=metadata_token", lead, "answered 400)"),
        row("a web page as a token", "html=200:op=metadata_token", NO_WORD .. "token"),
        row("JSON as a token", "garbage:op=metadata_token", NO_WORD .. "token"),
        row("half a token", "broken:op=metadata_token", lead, "its metadata service answered 401)"),
        row("no role", "deny=NotFound:op=metadata", lead, "its metadata service answered 400)"),
        row("no answer about the role", "drop:op=metadata", lead, "no reply from %(url)"),
        row("an answer about the role that takes too long", "slow=5000:op=metadata", lead, "timed out"),
        row("a web page as a role's name", "html=200:op=metadata", NO_WORD .. "role's name"),
        row("JSON as a role's name", "garbage:op=metadata", NO_WORD .. "role's name"),
        row("no keys of the role", "deny=AccessDenied:op=metadata:after=1", "cannot use the instance's role: ",
            "answered 403"),
        row("something else than keys", "garbage:op=metadata:after=1", "cannot use the instance's role: " .. NO_KEYS),
        row("a web page in place of keys", "html=200:op=metadata:after=1",
            "cannot read the answer of the instance's role: " .. NO_JSON),
        row("keys that lack their end", "broken:op=metadata:after=1",
            "cannot read the answer of the instance's role: it ends too early"),
        row("keys that break off", "truncate:op=metadata:after=1", "cannot use the instance's role: no reply from "),
        row("keys that do not come", "drop:op=metadata:after=1", "cannot use the instance's role: no reply from "),
    }
end

test "keys of an instance that are over are tried all the same, and said to be" (function(t)
    local case = keys_aws.case(t, INSTANCE)
    case.emulator.fault { "expired_keys:op=metadata" }
    local apply = case:spurn "-c spurn.lua apply --yes --format json"
    t:ended(apply, 1, "spurn: warn: the instance's role gave keys that expired at ")
    t:holds(apply.err, "they are tried for another 10 minutes")
    t:holds(apply.err, "AWS RAM answered ExpiredTokenException")
    t:equal(#program.rejections(case.emulator), 0)
    case:is_discreet { apply }
end)
