-- faults.lua - what goes wrong in life, asked for as NAME[=VALUE][:op=OP][:region=REGION][:count=N][:after=N].

local faults = {}

local function number(least, most)
    return function(text)
        local value = math.tointeger(tonumber(text))
        return value and value >= least and value <= most and value or nil
    end
end

local function word(...)
    local allowed = { ... }
    return function(text)
        for _, candidate in ipairs(allowed) do
            if text == candidate then
                return text
            end
        end
    end
end

local DAY_S <const> = 86400

-- read: turns the text after '=' into a value; default: what stands when there is none (absent: it must be given).
local KINDS <const> = {
    throttle = { read = number(0, DAY_S), default = 0 }, -- seconds for Retry-After; 0 leaves it out
    status = { read = number(500, 599) },
    drop = {},
    lost = {},
    late = { read = number(1, DAY_S), default = 2 }, -- seconds until it is done after all
    slow = { read = number(1, DAY_S * 1000) },       -- milliseconds
    html = { read = number(200, 599), default = 503 }, -- 200: something in between answers in the cloud's place
    truncate = {},
    broken = {},
    big = {},
    repeat_token = {},
    overlap = {},
    other_share = {},
    empty_pages = {},
    list_lag = { read = number(1, DAY_S), default = 5 }, -- seconds
    skew = { read = number(-10 * DAY_S, 10 * DAY_S) },   -- seconds
    deny = { read = word("NotFound", "NotPermitted", "AccessDenied") },
    expired_token = {},
    expired_keys = {},
    garbage = {},
    redirect = { read = function(text) return text:find "^https?://." and text end, has_colons = true },
}

-- As faults and denials name them.
faults.operations = {
    "list", "reject", "accept", "resources", "identity", "assume", "web_identity", "accounts", "tags", "portal",
    "metadata_token", "metadata", "container", "oidc", "cloud_sso",
}

local OPTIONS <const> = {
    op = word(table.unpack(faults.operations)),
    region = function(text) return text ~= "" and text or nil end,
    count = number(1, math.maxinteger),
    after = number(0, math.maxinteger),
}

local function names()
    local sorted = {}
    for name in pairs(KINDS) do
        sorted[#sorted + 1] = name
    end
    table.sort(sorted)
    return table.concat(sorted, ", ")
end

local function refuse(spec, why)
    error(("cannot use fault '%s': %s"):format(spec, why), 0)
end

local function read_value(spec, kind, text)
    if not kind.read then
        if text then
            refuse(spec, "it takes no value")
        end
        return true
    end
    if not text then
        return kind.default or refuse(spec, "it needs a value")
    end
    return kind.read(text) or refuse(spec, ("the value '%s' makes no sense"):format(text))
end

-- "NAME=VALUE" and ":op=OP:count=N"; a VALUE that may hold colons ends where the first option begins.
local function split(spec)
    local kind = KINDS[spec:match "^[^=:]*"]
    local starts = spec:find(kind and kind.has_colons and ":%l+=" or ":") or #spec + 1
    return kind, spec:sub(1, starts - 1), spec:sub(starts)
end

local function read_one(spec)
    local kind, head, rest = split(spec)
    local name, _, text = head:match "^([^=]*)(=?)(.*)$"
    if not kind then
        refuse(spec, "there is no such fault; there are " .. names())
    end
    local given = head:find("=", 1, true) and text or nil
    local fault = { name = name, value = read_value(spec, kind, given), seen = 0 }
    for option in rest:gmatch ":([^:]*)" do
        local key, value = option:match "^([^=]*)=(.*)$"
        local read = key and OPTIONS[key]
        if not read then
            refuse(spec, ("there is no option '%s'; there are op, region, count and after"):format(key or option))
        end
        fault[key] = read(value)
            or refuse(spec, ("%s '%s' makes no sense"):format(key, value))
    end
    return fault
end

-- Raises a whole sentence when one makes no sense.
function faults.read(specs)
    local list = {}
    for i, spec in ipairs(specs) do
        list[i] = read_one(tostring(spec))
    end
    return list
end

-- What strikes this request: { [NAME] = VALUE }. Each fault counts the requests that it was meant for.
function faults.striking(list, op, region)
    local active = {}
    for _, fault in ipairs(list) do
        local is_meant = (not fault.op or fault.op == op) and (not fault.region or fault.region == region)
        if is_meant then
            fault.seen = fault.seen + 1
            local turn = fault.seen - (fault.after or 0)
            if turn > 0 and turn <= (fault.count or math.huge) then
                active[fault.name] = fault.value
            end
        end
    end
    return active
end

return faults
