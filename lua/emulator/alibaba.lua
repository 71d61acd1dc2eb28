-- alibaba.lua - what services of Alibaba Cloud share: which operation is meant, who signed, how failures are worded.

local alibaba_sts = require "emulator.alibaba_sts"
local failure = require "emulator.failure"
local host = require "emulator.host"
local json = require "emulator.json"
local metadata = require "emulator.metadata"
local resourcemanager = require "emulator.resourcemanager"
local resourcesharing = require "emulator.resourcesharing"
local sessions = require "emulator.sessions"
local sso = require "emulator.sso"
local world = require "emulator.world"

local alibaba = {}

local WINDOW_MS <const> = 15 * 60 * 1000

local function refuse(status, code, message)
    failure.raise(status, code, message)
end

-- ---- who signed ----

function alibaba.authenticate(call)
    local claim = call.claim
    if call.op.is_open then
        return
    elseif claim.scheme == "none" then
        refuse(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    elseif claim.problem or claim.scheme ~= "acs3" and claim.scheme ~= "rpc" then
        refuse(400, "InvalidAuthorization", claim.problem or "The Authorization scheme is not supported.")
    end
    local key = call.world.keys.alibaba[claim.key_id]
    if not key then
        refuse(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    elseif key.token ~= claim.token then
        refuse(400, "InvalidSecurityToken.Malformed", "The specified SecurityToken is malformed.")
    elseif not claim.time_ms then
        refuse(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
    elseif math.abs(claim.time_ms - call.now_ms) > WINDOW_MS then
        refuse(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
    elseif not claim.nonce or claim.nonce == "" then
        refuse(400, "MissingSignatureNonce", "SignatureNonce is mandatory for this action.")
    end
    local is_theirs, why = host.signed_by(key.secret)
    if not is_theirs then
        refuse(400, "SignatureDoesNotMatch", why)
    elseif not call.world:use_nonce(key.id .. "\n" .. claim.nonce, call.now_ms) then
        refuse(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    elseif sessions.is_over(key, call.at_ms) then
        refuse(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
    end
    call.key, call.account = key, key.account
    call.region = world.region(key.account, call.region_name)
end

-- ---- which operation is meant ----

local rpc = {} -- the service of all that have an action and a version

local OPERATIONS <const> = {}
for _, service in ipairs { resourcesharing, resourcemanager, alibaba_sts } do
    for action, operation in pairs(service.operations) do
        OPERATIONS[action] = operation
    end
end

-- Action and version are headers in the newer form, parameters in the older one; parameters are in the query or a form.
function rpc.route(call)
    local request = call.request
    call.parameters = host.form(request.body, true)
    for name, value in pairs(host.form(request.query or "", false)) do
        call.parameters[name] = value
    end
    local action = request.headers["x-acs-action"] or call.parameters.Action
    local version = request.headers["x-acs-version"] or call.parameters.Version
    local operation = OPERATIONS[action]
    if not action then
        refuse(400, "MissingAction", "Action is mandatory for this request.")
    elseif not operation then
        refuse(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
    elseif version ~= operation.version then
        refuse(400, "InvalidVersion", "Specified parameter Version is not valid.")
    elseif request.path ~= "/" or request.method ~= "POST" and request.method ~= "GET" then
        refuse(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
    end
    return operation
end

function alibaba.route(call)
    for _, service in ipairs { metadata, sso, rpc } do
        call.service = service
        call.op = service.route(call)
        if call.op then
            return
        end
    end
end

-- ---- what goes wrong ----

function alibaba.forbid()
    refuse(403, "NoPermission", "You are not authorized to do this operation.")
end

local STATUS_CODES <const> = {
    [500] = { "InternalError", "The request processing has failed due to some unknown error." },
    [503] = { "ServiceUnavailable", "The request has failed due to a temporary failure of the server." },
}

local STRIKES <const> = {
    expired_token = function()
        refuse(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
    end,
    throttle = function(_, seconds)
        failure.raise(400, "Throttling.User", "Request was denied due to user flow control.",
            seconds > 0 and { ["x-ratelimit-user-api"] = ("TimeLeft:%d"):format(seconds * 1000) })
    end,
    status = function(_, status)
        local code, message = table.unpack(STATUS_CODES[status] or STATUS_CODES[500])
        refuse(status, code, message)
    end,
    deny = function(_, what)
        if what == "NotFound" then
            refuse(409, table.unpack(resourcesharing.NOT_FOUND))
        end
        alibaba.forbid()
    end,
}

function alibaba.strike(call, name, value)
    STRIKES[name](call, value)
end

-- ---- writing what is answered ----

local function respond(status, body, headers)
    local response = { status = status, headers = { ["Content-Type"] = "application/json;charset=utf-8" }, body = body }
    for name, value in pairs(headers or {}) do
        response.headers[name] = value
    end
    return response
end

function rpc.success(call, body)
    return respond(200, body, { ["x-acs-request-id"] = call.request_id })
end

function rpc.failure(call, failed)
    return respond(failed.status, json.object(
        "RequestId", call.request_id,
        "HostId", call.request.headers.host,
        "Code", failed.code,
        "Message", failed.message,
        "Recommend", "https://api.alibabacloud.com/troubleshoot?q=" .. failed.code), failed.headers)
end

function alibaba.success(call, body)
    return call.service.success(call, body)
end

function alibaba.failure(call, failed)
    return call.service.failure(call, failed)
end

return alibaba
