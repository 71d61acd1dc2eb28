-- aws.lua - what every service of AWS shares: which operation is meant, who signed, how failures are worded.

local failure = require "emulator.failure"
local host = require "emulator.host"
local ram = require "emulator.ram"
local sts = require "emulator.sts"
local world = require "emulator.world"

local aws = {}

local WINDOW_MS <const> = 5 * 60 * 1000

-- Wordings of the same refusals by the two protocols: RAM's REST-JSON and STS's Query.
local REFUSALS <const> = {
    missing = { 403, "MissingAuthenticationTokenException", "MissingAuthenticationToken" },
    incomplete = { 400, "IncompleteSignatureException", "IncompleteSignature" },
    unknown_key = { 403, "UnrecognizedClientException", "InvalidClientTokenId" },
    signature = { 403, "InvalidSignatureException", "SignatureDoesNotMatch" },
    expired = { 403, "ExpiredTokenException", "ExpiredToken" },
    denied = { 403, "AccessDeniedException", "AccessDenied" },
    throttled = { 429, "ThrottlingException", "Throttling" },
    internal = { 500, "ServerInternalException", "InternalFailure" },
    unavailable = { 503, "ServiceUnavailableException", "ServiceUnavailable" },
    not_found = { 400, "ResourceShareInvitationArnNotFoundException", "AccessDenied" },
    not_permitted = { 400, "OperationNotPermittedException", "AccessDenied" },
}

local function refuse(call, name, message, headers)
    local status, json_code, query_code = table.unpack(REFUSALS[name])
    failure.raise(status, call.op.service == "sts" and query_code or json_code, message, headers)
end

function aws.route(call)
    call.service = ram
    if call.request.path == "/" then
        call.service = sts
    end
    call.op = call.service.route(call.request)
    if not call.op then
        failure.raise(404, "UnknownOperationException", "There is no such operation.")
    end
end

-- "20261122T031000Z"
local function basic(ms)
    return (host.iso(ms):gsub("[-:]", ""):gsub("%.%d+", ""))
end

local function check_time(call)
    local ahead_ms = call.claim.time_ms - call.now_ms
    if ahead_ms < -WINDOW_MS then
        refuse(call, "signature", ("Signature expired: %s is now earlier than %s (%s - 5 min.)")
            :format(call.claim.time, basic(call.now_ms - WINDOW_MS), basic(call.now_ms)))
    elseif ahead_ms > WINDOW_MS then
        refuse(call, "signature", ("Signature not yet current: %s is still later than %s (%s + 5 min.)")
            :format(call.claim.time, basic(call.now_ms + WINDOW_MS), basic(call.now_ms)))
    end
end

function aws.authenticate(call)
    local claim = call.claim
    if claim.scheme == "none" then
        refuse(call, "missing", "Missing Authentication Token")
    elseif claim.scheme ~= "sigv4" or claim.problem then
        refuse(call, "incomplete", claim.problem or "Unsupported Authorization scheme.")
    end
    local key = call.world.keys.aws[claim.key_id]
    if not key or key.token ~= claim.token then
        refuse(call, "unknown_key", "The security token included in the request is invalid.")
    elseif claim.service ~= call.op.service then
        refuse(call, "signature", ("Credential should be scoped to correct service: '%s'."):format(call.op.service))
    end
    check_time(call)
    local is_theirs, why = host.signed_by(key.secret)
    if not is_theirs then
        refuse(call, "signature", why)
    elseif key.is_expired then
        refuse(call, "expired", "The security token included in the request is expired")
    end
    call.account = key.account
    call.region = world.region(key.account, claim.region)
end

local STATUSES <const> = { [500] = "internal", [503] = "unavailable" }
local DENIALS <const> = { NotFound = "not_found", NotPermitted = "not_permitted", AccessDenied = "denied" }

local STRIKES <const> = {
    expired_token = function(call)
        refuse(call, "expired", "The security token included in the request is expired")
    end,
    throttle = function(call, seconds)
        refuse(call, "throttled", "Rate exceeded", seconds > 0 and { ["Retry-After"] = tostring(seconds) })
    end,
    status = function(call, status)
        if STATUSES[status] then
            refuse(call, STATUSES[status], "The service could not answer.")
        end
        failure.raise(status, nil, "The gateway has no answer.")
    end,
    deny = function(call, what)
        refuse(call, DENIALS[what], "The emulator was told to deny this.")
    end,
}

function aws.strike(call, name, value)
    STRIKES[name](call, value)
end

function aws.success(call, body)
    local response = call.service.success(call, body)
    response.headers["x-amzn-RequestId"] = call.request_id
    return response
end

function aws.failure(call, failed)
    local response = call.service.failure(call, failed)
    response.headers["x-amzn-RequestId"] = call.request_id
    for name, value in pairs(failed.headers) do
        response.headers[name] = value
    end
    return response
end

return aws
