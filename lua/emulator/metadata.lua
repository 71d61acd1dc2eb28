-- metadata.lua - where instances and containers ask for the keys of their role: the metadata services of both clouds,
-- and the endpoints of containers.

local failure = require "emulator.failure"
local json = require "emulator.json"
local sessions = require "emulator.sessions"

local metadata = {}

local TOKEN_S_MAX <const> = 21600
local TOKEN_PATH <const> = "/latest/api/token"

local CLOUDS <const> = {
    aws = {
        roles = "/latest/meta-data/iam/security-credentials",
        lifetime_header = "x-aws-ec2-metadata-token-ttl-seconds",
        token_header = "x-aws-ec2-metadata-token",
        session = "i-0e5b1f2a3c4d5e6f7",
    },
    alibaba = {
        roles = "/latest/meta-data/ram/security-credentials",
        lifetime_header = "x-aliyun-ecs-metadata-token-ttl-seconds",
        token_header = "x-aliyun-ecs-metadata-token",
        session = "i-bp1emulated0000000000",
    },
}

local function refuse(status, message)
    failure.raise(status, tostring(status), message)
end

local function here(call)
    return CLOUDS[call.request.cloud]
end

-- The instance that asks; there may be none.
local function instance_of(call)
    local instance = call.world.instances[call.request.cloud] or refuse(404, "Not Found")
    call.account = instance.account
    return instance
end

-- ---- the metadata service ----

local function make_token(call)
    if instance_of(call).tokens == "none" then
        refuse(404, "Not Found")
    end
    local asked = call.request.headers[here(call).lifetime_header]
    local lifetime_s = asked and math.tointeger(tonumber(asked:match "^%d+$"))
    if not lifetime_s or lifetime_s < 1 or lifetime_s > TOKEN_S_MAX then
        refuse(400, "Bad Request")
    end
    local token = sessions.draw_token()
    call.world.metadata_tokens[call.request.cloud][token] = call.at_ms + lifetime_s * 1000
    call.world:keep_secret("metadata token", token)
    call.headers = { [here(call).lifetime_header] = asked }
    return token
end

local function check_token(call, instance)
    local token = call.request.headers[here(call).token_header]
    local ends_ms = token and call.world.metadata_tokens[call.request.cloud][token]
    local is_wanted = instance.tokens == "required" or token and instance.tokens == "optional"
    if is_wanted and (not ends_ms or call.at_ms >= ends_ms) then
        refuse(401, "Unauthorized")
    end
end

-- The name of the instance's role, or that role's keys.
local function tell_role(call)
    local instance = instance_of(call)
    check_token(call, instance)
    local name = call.request.path:sub(#here(call).roles + 2)
    if name == "" then
        return instance.role
    elseif name ~= instance.role then
        refuse(404, "Not Found")
    end
    call.subject = instance.role
    local key = sessions.current(call, instance, here(call).session)
    local made = sessions.instant(key.shown_ms - key.lifetime_ms)
    if call.request.cloud == "aws" then
        return json.object("Code", "Success", "LastUpdated", made, "Type", "AWS-HMAC", "AccessKeyId", key.id,
            "SecretAccessKey", key.secret, "Token", key.token, "Expiration", sessions.instant(key.shown_ms))
    end
    return json.object("AccessKeyId", key.id, "AccessKeySecret", key.secret, "Expiration",
        sessions.instant(key.shown_ms), "SecurityToken", key.token, "LastUpdated", made, "Code", "Success")
end

-- ---- containers ----

local function give_container_keys(call)
    local container = call.world.containers[call.request.cloud][call.request.path]
    call.account = container.account
    call.subject = container.role
    if container.authorization and call.request.headers.authorization ~= container.authorization then
        refuse(401, "The authorization is not valid.")
    end
    local key = sessions.current(call, container, "container")
    local ends = sessions.instant(key.shown_ms)
    if call.request.cloud == "aws" then
        local role = ("arn:aws:iam::%s:role/%s"):format(key.account.id, key.role)
        return json.object("RoleArn", role, "AccessKeyId", key.id, "SecretAccessKey", key.secret, "Token", key.token,
            "Expiration", ends, "AccountId", key.account.id)
    end
    return json.object("Code", "Success", "AccessKeyId", key.id, "AccessKeySecret", key.secret,
        "SecurityToken", key.token, "Expiration", ends)
end

-- ---- the operations ----

local TOKEN <const> = { name = "metadata_token", kind = "metadata_token", run = make_token, is_open = true }
local ROLE <const> = { name = "metadata", kind = "metadata", run = tell_role, is_open = true }
local CONTAINER <const> = { name = "container", kind = "container", run = give_container_keys, is_open = true }

function metadata.route(call)
    local request = call.request
    if request.path == TOKEN_PATH and request.method == "PUT" then
        return TOKEN
    elseif request.method ~= "GET" then
        return nil
    elseif call.world.containers[request.cloud][request.path] then
        return CONTAINER
    end
    local roles = CLOUDS[request.cloud].roles
    return (request.path == roles or request.path:sub(1, #roles + 1) == roles .. "/") and ROLE or nil
end

local function respond(call, status, body)
    local type = body:sub(1, 1) == "{" and "application/json" or "text/plain"
    local headers = { ["Content-Type"] = type }
    for name, value in pairs(call.headers or {}) do
        headers[name] = value
    end
    return { status = status, headers = headers, body = body }
end

function metadata.success(call, body)
    return respond(call, 200, body)
end

function metadata.failure(call, failed)
    if call.op == CONTAINER then
        return respond(call, failed.status, json.object("code", failed.code, "message", failed.message))
    end
    return respond(call, failed.status, ("%d - %s"):format(failed.status, failed.message))
end

return metadata
