-- sessions.lua - keys: those the scenario names, and temporary ones, made here, known from then on, over in time.

local host = require "emulator.host"

local sessions = {}

local HOUR_MS <const> = 3600 * 1000
local CAPITALS <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
local LETTERS <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

-- What each cloud's temporary keys look like: how they begin, how many characters follow, of which.
local FORMS <const> = {
    aws = {
        id = { "ASIA", 16, CAPITALS },
        secret = { "", 40, LETTERS .. "+/" },
        token = { "IQoJb3JpZ2luX2Vj", 480, LETTERS .. "+/" },
        role_id = { "AROA", 17, CAPITALS },
    },
    alibaba = {
        id = { "STS.", 25, LETTERS },
        secret = { "", 44, LETTERS },
        token = { "CAIS", 496, LETTERS .. "+/" },
        role_id = { "3", 17, "0123456789" },
    },
}

local function draw(form)
    local start, count, alphabet = table.unpack(form)
    local drawn = {}
    while #drawn < count do
        for pair in host.random():gmatch "%x%x" do
            local at = tonumber(pair, 16) % #alphabet + 1
            drawn[#drawn + 1] = alphabet:sub(at, at)
        end
    end
    return start .. table.concat(drawn, "", 1, count)
end

-- A token of a metadata service.
function sessions.draw_token()
    return draw { "AQAE", 48, LETTERS .. "-_" } .. "=="
end

-- key: id, secret, token (of a session), account, is_expired, ends_ms; of a role's also role, session_name.
function sessions.know(everything, key)
    everything.keys[key.account.cloud][key.id] = key
    everything:keep_secret("secret key", key.secret)
    if key.token then
        everything:keep_secret("session token", key.token)
    end
end

function sessions.is_over(key, at_ms)
    return key.is_expired or key.ends_ms ~= nil and at_ms >= key.ends_ms
end

-- ask: account, role (its name), session_name, duration_s (else an hour). Its expiry is told by the cloud's clock.
function sessions.issue(call, ask)
    local forms = FORMS[ask.account.cloud]
    local role = ask.account.roles[ask.role]
    local lifetime_ms = role and role.session_ms or ask.duration_s and ask.duration_s * 1000 or HOUR_MS
    if call.faults.expired_keys then
        lifetime_ms = -HOUR_MS
    end
    local key = {
        id = draw(forms.id),
        secret = draw(forms.secret),
        token = draw(forms.token) .. "==",
        account = ask.account,
        role = ask.role,
        role_id = draw(forms.role_id),
        session_name = ask.session_name,
        lifetime_ms = lifetime_ms,
        ends_ms = call.at_ms + lifetime_ms,
        shown_ms = call.now_ms + lifetime_ms,
    }
    sessions.know(call.world, key)
    return key
end

-- The keys that `holder` (an instance, a container) has just now: fresh ones once half of their life is over.
function sessions.current(call, holder, session_name)
    local key = holder.key
    if not key or call.faults.expired_keys or call.at_ms >= key.ends_ms - key.lifetime_ms // 2 then
        key = sessions.issue(call, { account = holder.account, role = holder.role, session_name = session_name })
        holder.key = key
    end
    return key
end

-- "2026-11-22T03:10:00Z"
function sessions.instant(ms)
    return (host.iso(ms):gsub("%.%d+", ""))
end

-- Who a key of AWS is, as an ARN.
function sessions.aws_arn(key, partition)
    if not key.role then
        return ("arn:%s:iam::%s:user/emulated"):format(partition, key.account.id)
    end
    local name = key.role:match "[^/]*$" -- without its path
    return ("arn:%s:sts::%s:assumed-role/%s/%s"):format(partition, key.account.id, name, key.session_name)
end

-- Likewise of Alibaba Cloud; a scenario's keys are those of the account itself.
function sessions.alibaba_arn(key)
    if not key.role then
        return ("acs:ram::%s:root"):format(key.account.id)
    end
    return ("acs:ram::%s:assumed-role/%s/%s"):format(key.account.id, key.role, key.session_name)
end

return sessions
