-- sts.lua - AWS Security Token Service: who is calling, and the keys of roles. The Query protocol, 2011-06-15.

local failure = require "emulator.failure"
local host = require "emulator.host"
local roles = require "emulator.roles"
local sessions = require "emulator.sessions"
local world = require "emulator.world"

local sts = {}

local NAMESPACE <const> = "https://sts.amazonaws.com/doc/2011-06-15/"
local SHORTEST_S <const>, LONGEST_S <const>, CHAINED_S <const> = 900, 43200, 3600

local function escape(text)
    return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

local function element(name, inner)
    return ("<%s>%s</%s>"):format(name, inner, name)
end

local function leaf(name, text)
    return element(name, escape(text))
end

-- ---- GetCallerIdentity ----

local function get_caller_identity(call)
    local key, id = call.key, call.account.id
    local user = key.role and key.role_id .. ":" .. key.session_name
        or "AIDA" .. host.uuid(id):gsub("-", ""):upper():sub(1, 17)
    return leaf("Arn", sessions.aws_arn(key, world.partition(call.region_name)))
        .. leaf("UserId", user) .. leaf("Account", id)
end

-- ---- what is asked of a role ----

local function invalid(message)
    failure.raise(400, "ValidationError", message)
end

-- The parameter; `form` is a pattern that it must match, from `least` to `most` characters.
local function read(call, name, form, least, most)
    local value = call.parameters[name]
    local member = name:sub(1, 1):lower() .. name:sub(2)
    local why = not value and "Member must not be null"
        or #value < least and ("Member must have length greater than or equal to %d"):format(least)
        or #value > most and ("Member must have length less than or equal to %d"):format(most)
        or not value:find(form) and "Member must satisfy regular expression pattern"
    if why then
        invalid(("1 validation error detected: Value at '%s' failed to satisfy constraint: %s"):format(member, why))
    end
    return value
end

local function read_duration(call)
    local said = call.parameters.DurationSeconds
    if not said then
        return nil
    end
    local duration_s = math.tointeger(tonumber(said:match "^%d+$"))
    if not duration_s or duration_s < SHORTEST_S or duration_s > LONGEST_S then
        invalid(("1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: "
            .. "Member must have value from %d to %d"):format(said, SHORTEST_S, LONGEST_S))
    end
    return duration_s
end

local function read_ask(call)
    local ask = {
        arn = read(call, "RoleArn", "^[!-~]+$", 20, 2048),
        session_name = read(call, "RoleSessionName", "^[%w_+=,.@-]+$", 2, 64),
        duration_s = read_duration(call),
    }
    call.subject = ask.arn
    if not roles.parse("aws", ask.arn) then
        invalid(("%s is invalid"):format(ask.arn))
    end
    ask.account, ask.found = roles.find(call.world, "aws", ask.arn)
    ask.role = ask.found and ask.found.name
    return ask
end

local function check_duration(ask, most_s, why)
    if ask.duration_s and ask.duration_s > most_s then
        invalid("The requested DurationSeconds exceeds " .. why)
    end
end

-- What both kinds of assuming answer alike.
local function give_keys(call, ask)
    check_duration(ask, ask.found.max_session_s, "the MaxSessionDuration set for this role.")
    local key = sessions.issue(call, ask)
    local ends = sessions.instant(key.shown_ms)
    call.account = ask.account
    return element("Credentials", leaf("AccessKeyId", key.id) .. leaf("SecretAccessKey", key.secret)
            .. leaf("SessionToken", key.token) .. leaf("Expiration", ends))
        .. element("AssumedRoleUser", leaf("AssumedRoleId", key.role_id .. ":" .. key.session_name)
            .. leaf("Arn", sessions.aws_arn(key, ask.arn:match "^arn:([^:]+)")))
end

-- ---- AssumeRole, AssumeRoleWithWebIdentity ----

local function assume_role(call)
    local ask = read_ask(call)
    if not ask.found or not roles.trusts(ask.found, call.account, call.parameters.ExternalId) then
        local who = sessions.aws_arn(call.key, world.partition(call.region_name))
        failure.raise(403, "AccessDenied",
            ("User: %s is not authorized to perform: sts:AssumeRole on resource: %s"):format(who, ask.arn))
    end
    if call.key.role then
        check_duration(ask, CHAINED_S, "the 1 hour session limit for roles assumed by role chaining.")
    end
    return give_keys(call, ask)
end

local function assume_role_with_web_identity(call)
    local ask = read_ask(call)
    local token = read(call, "WebIdentityToken", "^[^%c]+$", 4, 20000)
    if not ask.found or not next(ask.found.web_identity) then
        failure.raise(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    end
    local is = ask.found.web_identity[token]
    if is == "expired" then
        failure.raise(400, "ExpiredTokenException", "Token expired: it was valid for a time that is over")
    elseif not is then
        failure.raise(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
    end
    return leaf("SubjectFromWebIdentityToken", "system:serviceaccount:default:emulated") .. give_keys(call, ask)
        .. leaf("Provider", ("arn:aws:iam::%s:oidc-provider/example.com"):format(ask.account.id))
        .. leaf("Audience", "sts.amazonaws.com")
end

local OPERATIONS <const> = {
    GetCallerIdentity = { name = "identity", run = get_caller_identity },
    AssumeRole = { name = "assume", run = assume_role },
    AssumeRoleWithWebIdentity = { name = "web_identity", run = assume_role_with_web_identity, is_open = true },
}
for action, operation in pairs(OPERATIONS) do
    operation.action = action
    operation.kind = operation.name
    operation.service = "sts"
end

function sts.route(call)
    local request = call.request
    if request.path ~= "/" then
        return nil
    end
    call.parameters = host.form(request.body, true)
    return OPERATIONS[call.parameters.Action]
end

local function respond(status, body)
    return { status = status, headers = { ["Content-Type"] = "text/xml" }, body = body .. "\n" }
end

sts.nonsense = "<Unexpected>This is not what was asked for.</Unexpected>"

function sts.success(call, body)
    local name = call.op.action
    local result = element(name .. "Result", body)
    local metadata = element("ResponseMetadata", element("RequestId", call.request_id))
    return respond(200, ('<%sResponse xmlns="%s">%s%s</%sResponse>'):format(name, NAMESPACE, result, metadata, name))
end

function sts.failure(call, failed)
    local side = failed.status >= 500 and "Receiver" or "Sender"
    local inner = element("Type", side) .. element("Code", failed.code or "InternalFailure")
        .. leaf("Message", failed.message)
    local whole = element("Error", inner) .. element("RequestId", call.request_id)
    return respond(failed.status, ('<ErrorResponse xmlns="%s">%s</ErrorResponse>'):format(NAMESPACE, whole))
end

return sts
