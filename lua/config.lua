-- config.lua - the configuration's words: targets, policies, limits, the daemon's schedule.
--
-- What comes out is one JSON object. Keys that were not written are left out and mean the default; lines are the
-- configuration's own; durations are seconds, everything else is a count; a list is never empty but for the first two:
--
--   {
--     "targets":  [ { "line": 3, "cloud": "aws" | "alibaba", "regions": ["us-east-1"],
--                     "profile": "prod", "account": "111122223333", "endpoint": "https://...", "label": "..." } ],
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

local function target_word(cloud, example)
    local form = string.format('a table of region names, { "%s" }', example)
    local function keep_regions(value)
        if value == "all" then
            return nil, form .. ", since every region at once is not supported yet"
        end
        return sheet.texts(value)
    end
    local shape = {
        profile = { "text" },
        regions = { sheet.kind(form, keep_regions), required = string.format('regions = { "%s" }', example) },
        account = { account_kind },
        endpoint = { "text" },
        label = { "text" },
        role_arn = { later = "give a profile whose keys belong to the account" },
        external_id = { later = "it goes with role_arn" },
    }
    return function(given)
        local target = sheet.read(cloud, given, shape)
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
    aws = target_word("aws", "us-east-1"),
    alibaba = target_word("alibaba", "cn-hangzhou"),
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
