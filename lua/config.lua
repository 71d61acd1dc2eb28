-- config.lua - the configuration's words: targets, policies, limits, the daemon's schedule.
--
-- What comes out is one JSON object. Keys that were not written are left out and mean the default; lines are the
-- configuration's own; durations are seconds, everything else is a count; a list is never empty but for the first two:
--
--   {
--     "targets":  [ { "line": 3, "cloud": "aws" | "alibaba", "regions": ["us-east-1"] | "all",
--                     "profile": "prod", "account": "111122223333", "label": "...", "partition": "aws-cn",
--                     "role_arn": "arn:aws:iam::...", "external_id": "...", "session_name": "...", "duration_s": 3600,
--                     "accounts": ["111122223333"], "accounts_file": "accounts.csv",     as written; one of these
--                     "role": "spurn",                                                   goes with either
--                     "organization": { "role": "spurn", "external_id": "...", "tags": { "env": "prod" } },
--                     "endpoints": { "invitations": "https://...", "sts": "...", "organization": "...", "sso": "...",
--                                    "metadata": "..." },
--                     "fips": true, "dual_stack": true, "vpc": true } ],
--     "policies": [ { "line": 7, "path": "policies/stale.lua",       as written, beside the configuration
--                     "settings": { "params": { "after": "6h" },     always there; keys in sorted order
--                                   "only": { "cloud": "aws", "account": ["..."], "region": "eu-*" },
--                                   "mode": "observe", "name": "stale" } } ],
--     "journal":  "spurn.db",
--     "trust":    "64 hex digits",
--     "limits":   { "rejections": 200, "percent": 80, "pages": 10000, "listing_s": 300, "window": 32,
--                   "lookups": 200, "policy_steps": 1000000, "policy_memory_len": 16777216,
--                   "policy_string_len": 65536 },
--     "daemon":   { "every_s": 900, "jitter_s": 60 }
--   }

local sheet = ...

local kept = { targets = sheet.array(), policies = sheet.array() }

local settings = {
    journal = { "text" },
    trust = {
        sheet.kind("a digest, 64 hex digits as spurn check prints them", function(value)
            return type(value) == "string" and #value == 64 and not value:find("[^0-9a-f]") and value or nil
        end),
    },
}

-- Ids are strings, since leading zeros matter.
local account_kind = sheet.kind("an account id, digits in quotes", function(value)
    return type(value) == "string" and value:find("^%d+$") and value or nil
end)

-- Jitter may be none; a sweep "every 0s" would never rest.
local jitter_kind = sheet.kind('a duration such as "90s" or "15m", or "0s" for none', function(value)
    return value == "0s" and 0 or type(value) == "string" and sheet.seconds(value) or nil
end)

-- A rule of fewer steps, or a policy in less memory, could not even be read.
local steps_kind = sheet.kind("a whole number from 10000 to 1000000000", function(value)
    return math.type(value) == "integer" and value >= 10000 and value <= 1000000000 and value or nil
end)

-- Sizes become bytes.
local function size_kind(least, most)
    local bytes = { KiB = 1024, MiB = 1024 * 1024 }
    local function len_of(text)
        local count, unit = text:match("^(%d%d?%d?%d?%d?%d?)([KM]iB)$")
        return count and tonumber(count) * bytes[unit]
    end
    return sheet.kind(string.format('a size from "%s" to "%s"', least, most), function(value)
        local len = type(value) == "string" and len_of(value)
        return len and len >= len_of(least) and len <= len_of(most) and len or nil
    end)
end

-- What STS takes for the name of a session and for an external id. Source: AssumeRole in both clouds' STS references.
local function matching_kind(form, pattern, least, most)
    return sheet.kind(form, function(value)
        local fits = type(value) == "string" and #value >= least and #value <= most and value:find(pattern)
        return fits and value or nil
    end)
end

local external_id_kind = matching_kind(
    "2 to 1224 letters, digits and any of _+=,.@:/-", "^[%w_+=,.@:/-]+$", 2, 1224)

-- Least and most that both clouds give.
local session_kind = sheet.kind('a duration from "15m" to "12h"', function(value)
    local seconds = type(value) == "string" and sheet.seconds(value)
    return seconds and seconds >= 900 and seconds <= 43200 and seconds or nil
end)

local file_kind = sheet.kind("the path of a file that ends in .csv or .json", function(value)
    local ending = type(value) == "string" and value:lower():match("%.(%w+)$")
    return (ending == "csv" or ending == "json") and sheet.is_utf8(value) and not value:find("%c") and value or nil
end)

local TAGS_MAX = 50 -- most that an account of either cloud can have

-- What the clouds do not share. Endpoints are written under the names of their services.
local clouds = {
    aws = {
        region = "us-east-1",
        digits = 12,
        services = { ram = "invitations", sts = "sts", organizations = "organization", sso = "sso" },
        session_name = matching_kind("2 to 64 letters, digits and any of _+=,.@-", "^[%w_+=,.@-]+$", 2, 64),
        options = {
            partition = { "text" },
            fips = { "flag" },
            dual_stack = { "flag" },
            vpc = { never = "AWS needs no other endpoint inside a VPC" },
        },
    },
    alibaba = {
        region = "cn-hangzhou",
        digits = 16,
        services = { resourcesharing = "invitations", sts = "sts", resourcemanager = "organization", sso = "sso" },
        session_name = matching_kind("2 to 64 letters, digits and any of _.@-", "^[%w_.@-]+$", 2, 64),
        options = {
            vpc = { "flag" },
            partition = { never = "Alibaba Cloud has only one" },
            fips = { never = "Alibaba Cloud has no such endpoints" },
            dual_stack = { never = "Alibaba Cloud has no such endpoints; vpc = true is for those inside a VPC" },
        },
    },
}

local function regions_kind(example)
    return sheet.kind(string.format('a table of region names, { "%s" }, or "all"', example), function(value)
        return value == "all" and value or sheet.texts(value)
    end)
end

-- A number of fewer digits had leading zeros.
local function accounts_kind(cloud, digits)
    return sheet.kind("a table of account ids, digits in quotes", function(value)
        for _, id in ipairs(type(value) == "table" and value or {}) do
            if math.type(id) == "integer" and id > 0 then
                sheet.fail('%s: accounts are digits in quotes, "%0' .. digits .. 'd", not the number %d', cloud, id, id)
            end
        end
        return sheet.texts(value)
    end)
end

-- One for every API, or { SERVICE = URL }.
local function endpoint_kind(cloud, services)
    local shape = { metadata = { "text" } }
    for service, name in pairs(services) do
        shape[service] = { "text", to = name }
    end
    return sheet.kind('a base URL, "https://HOST", or a table of them by service', function(value)
        if type(value) ~= "table" then
            local url = sheet.text(value)
            return url and { invitations = url, sts = url, organization = url, sso = url }
        end
        return next(value) and sheet.read(cloud .. ": endpoint", value, shape, "endpoint") or nil
    end)
end

local function tags_kind(what)
    return sheet.kind('a table of tags, { env = "prod" }', function(value)
        if type(value) ~= "table" or next(value) == nil then
            return nil
        end
        local tags, count = {}, 0
        for key, wanted in pairs(value) do
            count = count + 1
            if count > TAGS_MAX then
                sheet.fail("%s: no account has more than %d tags", what, TAGS_MAX)
            end
            local name = sheet.keep_value(what, "a tag's key", key, "text")
            tags[name] = sheet.keep_value(what, name, wanted, "text")
        end
        return tags
    end)
end

local function organization_kind(cloud)
    local what = cloud .. ": organization"
    local shape = {
        role = { "text", required = 'role = "spurn", the role to assume in each account' },
        external_id = { external_id_kind },
        tags = { tags_kind(what .. ": tags") },
    }
    return sheet.kind('a table, { role = "spurn" }', function(value)
        return type(value) == "table" and sheet.read(what, value, shape, "organization") or nil
    end)
end

-- Whose accounts a target means: one of these, or those of the keys.
local whose = { "accounts", "accounts_file", "organization", "role_arn" }

-- { OPTION, what it goes with, what to do }
local company = {
    { "role", { "accounts", "accounts_file" }, "one account's role is named by role_arn, an organization's inside it" },
    { "external_id", { "role_arn", "accounts", "accounts_file" }, "an organization's is named inside it" },
    { "session_name", whose, "there is no role to assume" },
    { "duration", whose, "there is no role to assume", key = "duration_s" },
}

local function has_any(target, names)
    for _, name in ipairs(names) do
        if target[name] ~= nil then
            return true
        end
    end
    return false
end

local function check_together(cloud, target)
    local said
    for _, name in ipairs(whose) do
        if target[name] ~= nil and said then
            sheet.fail("%s: %s and %s do not go together: each says whose accounts are meant", cloud, said, name)
        end
        said = target[name] ~= nil and name or said
    end
    if target.account and said and said ~= "role_arn" then
        sheet.fail("%s: account and %s do not go together: each says whose accounts are meant", cloud, said)
    end
    for _, rule in ipairs(company) do
        local name, others, hint = rule[1], rule[2], rule[3]
        if target[rule.key or name] ~= nil and not has_any(target, others) then
            sheet.fail("%s: %s goes with %s: %s", cloud, name, table.concat(others, " or "), hint)
        end
    end
    if target.accounts and not target.role then
        sheet.fail('%s: role is missing: role = "spurn", the role to assume in each of the accounts', cloud)
    end
end

local function target_word(cloud)
    local own = clouds[cloud]
    local shape = {
        profile = { "text" },
        regions = {
            regions_kind(own.region),
            required = string.format('regions = { "%s" }, or "all"', own.region),
        },
        account = { account_kind },
        label = { "text" },
        role_arn = { "text" },
        external_id = { external_id_kind },
        session_name = { own.session_name },
        duration = { session_kind, to = "duration_s" },
        accounts = { accounts_kind(cloud, own.digits) },
        accounts_file = { file_kind },
        role = { "text" },
        organization = { organization_kind(cloud) },
        endpoint = { endpoint_kind(cloud, own.services), to = "endpoints" },
    }
    for name, option in pairs(own.options) do
        shape[name] = option
    end
    return function(given)
        local target = sheet.read(cloud, given, shape)
        check_together(cloud, target)
        target.cloud, target.line = cloud, sheet.line()
        kept.targets[#kept.targets + 1] = target
    end
end

-- A word that may be said once, with options.
local function once(name, shape)
    return function(given)
        if kept[name] then
            sheet.fail("%s was already said: put it all in one table", name)
        end
        kept[name] = sheet.read(name, given, shape)
    end
end

local words = {
    aws = target_word("aws"),
    alibaba = target_word("alibaba"),
    policy = sheet.policy_word(kept.policies),
    limits = once("limits", {
        rejections = { "count" },
        percent = { "percent" },
        pages = { "count" },
        listing = { "duration", to = "listing_s" },
        window = { "window" },
        lookups = { "count_or_none" },
        policy_steps = { steps_kind },
        policy_memory = { size_kind("1MiB", "1024MiB"), to = "policy_memory_len" },
        policy_string = { size_kind("1KiB", "16MiB"), to = "policy_string_len" },
    }),
    daemon = once("daemon", {
        every = { "duration", to = "every_s" },
        jitter = { jitter_kind, to = "jitter_s" },
        listen = { later = "the daemon has no port for metrics" },
        expose = { later = "it goes with listen" },
    }),
}

local function finish()
    return kept
end

return { environment = sheet.environment("configuration", words, settings, kept), finish = finish }
