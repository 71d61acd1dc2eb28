-- sso.lua - keys for people who signed in: AWS's access portal, 2019-06-10, and Alibaba Cloud's CloudSSO.

local failure = require "emulator.failure"
local host = require "emulator.host"
local json = require "emulator.json"
local sessions = require "emulator.sessions"

local sso = {}

local SESSION <const> = "person@example.com"

-- The line of the portal that the bearer of `token` may use for this account and role.
local function find_line(call, token, account, role)
    local lines = call.world.portals[call.request.cloud][token or ""]
    if not lines then
        failure.raise(401, "UnauthorizedException", "Session token not found or invalid")
    end
    for _, line in ipairs(lines) do
        if line.account.id == account and line.role == role then
            call.account, call.subject = line.account, role
            return line
        end
    end
    failure.raise(403, "ForbiddenException", "No access")
end

local function issue(call, line)
    return sessions.issue(call, { account = line.account, role = line.role, session_name = SESSION })
end

local function get_role_credentials(call)
    local asked = host.form(call.request.query or "", false)
    if not asked.role_name or not asked.account_id then
        failure.raise(400, "InvalidRequestException", "role_name and account_id must be given")
    end
    local token = call.request.headers["x-amz-sso_bearer_token"]
    local key = issue(call, find_line(call, token, asked.account_id, asked.role_name))
    return json.object("roleCredentials", json.raw(json.object("accessKeyId", key.id, "secretAccessKey", key.secret,
        "sessionToken", key.token, "expiration", json.raw(("%d"):format(key.shown_ms)))))
end

-- The role is called access configuration there. Source: credentials-go, cloud_sso.go.
local function create_cloud_credential(call)
    local asked = json.read(call.request.body)
    if type(asked) ~= "table" or not asked.AccountId or not asked.AccessConfigurationId then
        failure.raise(400, "InvalidParameter", "AccountId and AccessConfigurationId must be given.")
    end
    local token = (call.request.headers.authorization or ""):match "^Bearer (.+)$"
    local key = issue(call, find_line(call, token, asked.AccountId, asked.AccessConfigurationId))
    return json.object("RequestId", call.request_id, "CloudCredential", json.raw(json.object("AccessKeyId", key.id,
        "AccessKeySecret", key.secret, "SecurityToken", key.token, "Expiration", sessions.instant(key.shown_ms))))
end

local ROUTES <const> = {
    ["aws GET /federation/credentials"] = {
        name = "portal", kind = "portal", run = get_role_credentials, is_open = true,
    },
    ["alibaba POST /cloud-credentials"] = {
        name = "cloud_sso", kind = "cloud_sso", run = create_cloud_credential, is_open = true,
    },
}

function sso.route(call)
    local request = call.request
    return ROUTES[("%s %s %s"):format(request.cloud, request.method, request.path)]
end

local function respond(status, body)
    return { status = status, headers = { ["Content-Type"] = "application/json" }, body = body }
end

function sso.success(_, body)
    return respond(200, body)
end

function sso.failure(call, failed)
    if call.request.cloud == "alibaba" then
        return respond(failed.status, json.object("ErrorCode", failed.code, "ErrorMessage", failed.message,
            "RequestId", call.request_id))
    end
    local response = respond(failed.status, json.object("message", failed.message))
    response.headers["x-amzn-ErrorType"] = failed.code
    return response
end

return sso
