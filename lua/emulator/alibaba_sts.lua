-- alibaba_sts.lua - Alibaba Cloud's Security Token Service: who is calling, and the keys of roles, 2015-04-01.

local failure = require "emulator.failure"
local json = require "emulator.json"
local roles = require "emulator.roles"
local sessions = require "emulator.sessions"

local alibaba_sts = {}

local SHORTEST_S <const> = 900

local function refuse(status, code, message)
    failure.raise(status, code, message)
end

local function refuse_parameter(name)
    refuse(400, "InvalidParameter." .. name, ("The parameter %s is wrongly formed."):format(name))
end

-- ---- GetCallerIdentity ----

local function get_caller_identity(call)
    local key, id = call.key, call.account.id
    local principal = key.role and key.role_id .. ":" .. key.session_name or id
    return json.object("RequestId", call.request_id, "AccountId", id, "UserId", not key.role and id or nil,
        "RoleId", key.role_id, "PrincipalId", principal, "IdentityType", key.role and "AssumedRoleUser" or "Account",
        "Arn", sessions.alibaba_arn(key))
end

-- ---- what is asked of a role ----

local function read_duration(call, role)
    local said = call.parameters.DurationSeconds
    local duration_s = said and math.tointeger(tonumber(said:match "^%d+$"))
    if said and (not duration_s or duration_s < SHORTEST_S or duration_s > role.max_session_s) then
        refuse(400, "InvalidParameter.DurationSeconds", ("The Min/Max value of DurationSeconds is %d/%d seconds.")
            :format(SHORTEST_S, role.max_session_s))
    end
    return duration_s
end

local function read_ask(call)
    local ask = { arn = call.parameters.RoleArn or "", session_name = call.parameters.RoleSessionName or "" }
    call.subject = ask.arn
    if not roles.parse("alibaba", ask.arn) then
        refuse_parameter "RoleArn"
    elseif not ask.session_name:find "^[%w.@_-]+$" or #ask.session_name < 2 or #ask.session_name > 64 then
        refuse_parameter "RoleSessionName"
    end
    ask.account, ask.found = roles.find(call.world, "alibaba", ask.arn)
    if not ask.found then
        refuse(404, "EntityNotExist.Role", "The specified Role does not exist.")
    end
    ask.role = ask.found.name
    ask.duration_s = read_duration(call, ask.found)
    return ask
end

local function give_keys(call, ask, ...)
    local key = sessions.issue(call, ask)
    call.account = ask.account
    return json.object(
        "RequestId", call.request_id,
        "AssumedRoleUser", json.raw(json.object("Arn", sessions.alibaba_arn(key),
            "AssumedRoleId", key.role_id .. ":" .. key.session_name)),
        "Credentials", json.raw(json.object("AccessKeyId", key.id, "AccessKeySecret", key.secret,
            "SecurityToken", key.token, "Expiration", sessions.instant(key.shown_ms))),
        ...)
end

-- ---- AssumeRole, AssumeRoleWithOIDC ----

local function assume_role(call)
    local ask = read_ask(call)
    if not roles.trusts(ask.found, call.account, call.parameters.ExternalId) then
        refuse(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM.")
    end
    return give_keys(call, ask)
end

-- Its codes are those that Alibaba's own SDKs are tested with. Source: credentials-go, credentials-csharp.
local function assume_role_with_oidc(call)
    local ask = read_ask(call)
    local provider = call.parameters.OIDCProviderArn
    local is = ask.found.web_identity[call.parameters.OIDCToken or ""]
    if not provider or ask.found.provider and provider ~= ask.found.provider then
        refuse(403, "AuthenticationFail.NoPermission", "Parameter OIDCProviderArn is not valid")
    elseif is == "expired" then
        refuse(400, "AuthenticationFail.OIDCToken.Expired", "This JsonWebToken is expired.")
    elseif not is then
        refuse(400, "AuthenticationFail.OIDCToken.Invalid", "This JsonWebToken is invalid.")
    end
    local token = json.object("Subject", "system:serviceaccount:default:emulated", "Issuer", "https://example.com",
        "ClientIds", "sts.aliyuncs.com")
    return give_keys(call, ask, "OIDCTokenInfo", json.raw(token))
end

alibaba_sts.operations = {
    GetCallerIdentity = { name = "identity", run = get_caller_identity },
    AssumeRole = { name = "assume", run = assume_role },
    AssumeRoleWithOIDC = { name = "oidc", run = assume_role_with_oidc, is_open = true },
}
for _, operation in pairs(alibaba_sts.operations) do
    operation.kind = operation.name
    operation.version = "2015-04-01"
end

return alibaba_sts
