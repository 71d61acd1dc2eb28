-- aws.lua - what every service of AWS shares: which operation is meant, who signed, how failures are worded.

local failure = require "emulator.failure"
local host = require "emulator.host"
local metadata = require "emulator.metadata"
local organizations = require "emulator.organizations"
local ram = require "emulator.ram"
local sessions = require "emulator.sessions"
local sso = require "emulator.sso"
local sts = require "emulator.sts"
local world = require "emulator.world"

local aws = {}

local WINDOW_MS <const> = 5 * 60 * 1000

-- The first that has the operation is meant.
local SERVICES <const> = { metadata, sso, organizations, sts, ram }

-- Wordings of the same refusals by the two kinds of protocol: JSON's and STS's Query.
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
    failure.raise(status, call.service == sts and query_code or json_code, message, headers)
end

function aws.route(call)
    for _, service in ipairs(SERVICES) do
        call.op = service.route(call)
        if call.op then
            call.service = service
            return
        end
    end
    call.service = call.request.path == "/" and sts or ram
    failure.raise(404, "UnknownOperationException", "There is no such operation.")
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

-- Names like "us-east-1" and "us-gov-west-1"; new ones may open any day.
local function check_scope(call)
    local claim, op = call.claim, call.op
    local is_region = claim.region:find "^%l%l%l?%l?%l?%-[%l-]+%-%d%d?$"
    if claim.service ~= op.service then
        refuse(call, "signature", ("Credential should be scoped to correct service: '%s'."):format(op.service))
    elseif not is_region or op.regions and not op.regions[claim.region] then
        refuse(call, "signature", "Credential should be scoped to a valid region.")
    end
end

-- The key that the request names, where it may be used at all.
local function find_key(call)
    local claim = call.claim
    local key = call.world.keys.aws[claim.key_id]
    local region = key and world.region(key.account, claim.region)
    if not key or key.token ~= claim.token or region.is_opted_out then
        refuse(call, "unknown_key", "The security token included in the request is invalid.")
    end
    call.key, call.account, call.region = key, key.account, region
    return key
end

function aws.authenticate(call)
    local claim = call.claim
    if call.op.is_open then
        return
    elseif claim.scheme == "none" then
        refuse(call, "missing", "Missing Authentication Token")
    elseif claim.scheme ~= "sigv4" or claim.problem then
        refuse(call, "incomplete", claim.problem or "Unsupported Authorization scheme.")
    end
    check_scope(call)
    local key = find_key(call)
    check_time(call)
    local is_theirs, why = host.signed_by(key.secret)
    if not is_theirs then
        refuse(call, "signature", why)
    elseif sessions.is_over(key, call.at_ms) then
        refuse(call, "expired", "The security token included in the request is expired")
    end
end

-- What the policies of the caller's account forbid.
function aws.forbid(call)
    local who = sessions.aws_arn(call.key, world.partition(call.region_name))
    local what = call.op.service .. ":" .. call.op.action
    refuse(call, "denied", ("User: %s is not authorized to perform: %s"):format(who, what))
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
