-- policy_test.lua - the words of a test file: which policies are asked, about what, and what should come of it.
--
-- What comes out is one JSON object; what is unknown about an invitation is left out:
--
--   {
--     "policies": [ as the configuration's ],
--     "tests": [ { "line": 3, "name": "...",
--                  "now_ms": 0, "created_ms": 0, "first_seen_ms": 0, "times_seen": 0,
--                  "cloud": "aws", "account": "...", "region": "...", "id": "...", "sender": "...",
--                  "receiver_arn": "...", "invitation_name": "...", "share": "...",
--                  "rejected_ms": [ 0 ], "seen_ms": [ 0 ] (when),
--                  "rejected_now": 3, "seen_now": 3 (so many, just now),
--                  "began_ms": 0 (the journal; left out: before everything),
--                  "resources": [ { "arn": "...", "type": "..." } ] (left out: nobody could read them),
--                  "expect": "reject" | "keep" | "none", "rule": "...", "reason": "...", "observe": "...",
--                  "undecided": true, "fault": true } ]
--   }

local sheet = ...

local policies, tests = sheet.array(), sheet.array()

-- The frozen clock of a test that names no other: a Thursday, at noon.
local NOON = "2026-01-15T12:00:00Z"

-- An invitation nobody said anything about.
local plain = {
    aws = {
        account = "123456789012",
        region = "us-east-1",
        sender = "999999999999",
        id = "arn:aws:ram:%s:%s:resource-share-invitation/11111111-2222-3333-4444-555555555555",
        share = "arn:aws:ram:%s:%s:resource-share/66666666-7777-8888-9999-000000000000",
    },
    alibaba = {
        account = "1234567890123456",
        region = "cn-hangzhou",
        sender = "9999999999999999",
        id = "i-1111222233334444",
        share = "rs-5555666677778888",
    },
}

-- A value, or `false` for "the cloud left it out".
local function or_absent(form, keep)
    return sheet.kind(form .. ", or false to leave it out", function(value)
        if value == false then
            return false
        end
        return keep(value)
    end)
end

local text = or_absent("a string", function(value)
    return type(value) == "string" and sheet.is_utf8(value) and value or nil
end)

local function instant(value)
    return type(value) == "string" and sheet.instant(value) or nil
end

local function duration(value)
    return value == "0s" and 0 or type(value) == "string" and sheet.seconds(value) or nil
end

local function one_of(...)
    local words = { ... }
    return sheet.kind('"' .. table.concat(words, '", "') .. '"', function(value)
        for _, word in ipairs(words) do
            if value == word then
                return word
            end
        end
    end)
end

-- A copy of a list of which `keep` keeps every item; else nil.
local function list_of(value, keep)
    if type(value) ~= "table" then
        return nil
    end
    local kept = sheet.array()
    for key, item in pairs(value) do
        local good = math.type(key) == "integer" and key >= 1 and key <= #value and keep(item)
        if not good then
            return nil
        end
        kept[key] = good
    end
    return kept
end

-- How long ago each was, or how many there were just now.
local function past(value)
    if math.type(value) == "integer" and value >= 0 then
        return { just_now = value, ago = {} }
    end
    local ago = list_of(value, duration)
    return ago and { just_now = 0, ago = ago }
end

local function is_filled(value)
    return type(value) == "string" and value ~= "" and sheet.is_utf8(value)
end

local function resource(value)
    if is_filled(value) then
        return value:find "^[%w-]+:." and { type = value } or nil
    elseif type(value) ~= "table" or next(value) == nil then
        return nil
    end
    for key, item in pairs(value) do
        if (key ~= "arn" and key ~= "type") or not is_filled(item) then
            return nil
        end
    end
    return { arn = value.arn, type = value.type }
end

local function resources(value)
    return list_of(value, resource)
end

local ISO = 'an instant such as "2026-11-22T03:00:00Z"'
local AGO = 'a duration such as "7h"'
local TYPES = 'a list of types such as { "ec2:Subnet" }, or of { arn = "...", type = "..." }'
local PAST = { sheet.kind('a list of how long ago, such as { "2d", "9d" }, or a number: so many, just now', past) }

local fields = {
    cloud = { one_of("aws", "alibaba") },
    account = { text },
    region = { text },
    id = { "text" },
    sender = { text },
    receiver_arn = { text },
    name = { text },
    share = { text },
    now = { sheet.kind(ISO, instant) },
    created = { or_absent(ISO, instant) },
    age = { or_absent(AGO, duration) },
    first_seen = { sheet.kind(AGO .. ", how long ago", duration) },
    times_seen = { "count_or_none" },

    expect = { one_of("reject", "keep", "none"), required = 'expect = "reject", "keep" or "none"' },
    rule = { "text" },
    reason = { "text" },
    observe = { "text" },
    undecided = { "flag" },
    fault = { "flag" },

    rejected = PAST,
    seen = PAST,
    journal = { or_absent(AGO .. ", its age", duration) },
    resources = { or_absent(TYPES, resources) },

    status = { never = "every invitation of a test is pending" },
    expires = { never = "AWS tells of none, and at Alibaba Cloud it is seven days after created" },
}

-- What was remembered lies in the journal, so it cannot be older.
local function check_past(what, name, said)
    local told = said[name]
    if told == nil or said.journal == nil then
        return
    end
    if said.journal == false and (told.just_now > 0 or #told.ago > 0) then
        sheet.fail("%s: %s needs a journal: journal = false says that nothing is remembered", what, name)
    end
    for _, ago in ipairs(told.ago) do
        if ago > said.journal then
            sheet.fail("%s: %s is older than the journal: nothing of it would be known", what, name)
        end
    end
end

-- What no invitation of that cloud can have would make a test pass for the wrong reason.
local places = {
    aws = { called = "AWS", digits = 12, region = "^%l+%-[%l-]*%l%-%d%d?$", example = "us-east-1" },
    alibaba = { called = "Alibaba Cloud", digits = 16, region = "^%l+%-[%l%d-]*[%l%d]$", example = "cn-hangzhou" },
}

local function check_place(what, said)
    local place = places[said.cloud or "aws"]
    for _, name in ipairs { "sender", "account" } do
        local id = said[name]
        if id and not (id:find "^%d+$" and #id == place.digits) then
            local form = '%s: %s "%s" is no account id at %s: write %d digits'
            sheet.fail(form, what, name, id, place.called, place.digits)
        end
    end
    if said.region and not said.region:find(place.region) then
        local form = '%s: region "%s" is no region of %s: write one such as "%s"'
        sheet.fail(form, what, said.region, place.called, place.example)
    end
end

local function check_together(what, said)
    check_place(what, said)
    check_past(what, "rejected", said)
    check_past(what, "seen", said)
    if said.created ~= nil and said.age ~= nil then
        sheet.fail("%s: created and age say the same thing: give one of them", what)
    elseif said.undecided and said.expect ~= "none" then
        sheet.fail('%s: undecided = true goes with expect = "none", since what is undecided stays pending', what)
    elseif said.resources and said.cloud == "alibaba" then
        sheet.fail("%s: resources are told by AWS only", what)
    end
end

-- nil says nothing, so the default holds; false says that the cloud left it out.
local function told(value, default)
    if value == nil then
        return default
    end
    return value or nil
end

local function created_ms(said, now_ms)
    if said.created ~= nil then
        return said.created or nil
    end
    local age_s = told(said.age, 3600)
    return age_s and now_ms - age_s * 1000
end

local function began_ms(said, now_ms)
    if said.journal == nil then
        return nil
    end
    return said.journal and now_ms - said.journal * 1000 or math.maxinteger
end

local function add_past(kept, name, past_said, now_ms)
    if past_said == nil then
        return
    end
    local times = sheet.array()
    for i, ago in ipairs(past_said.ago) do
        times[i] = now_ms - ago * 1000
    end
    kept[name .. "_ms"], kept[name .. "_now"] = times, past_said.just_now
end

-- A resource that only its type was said of gets an ARN such as it would have.
local function with_arn(item, number, region, sender)
    if item.arn or not item.type then
        return item
    end
    local service, kind = item.type:match "^([^:]+):(.+)$"
    item.arn = string.format("arn:aws:%s:%s:%s:%s/example-%d", service, region, sender, kind:lower(), number)
    return item
end

local function invitation(said)
    local default = plain[said.cloud or "aws"]
    local now_ms = said.now or sheet.instant(NOON)
    local sender = told(said.sender, default.sender)
    local region = told(said.region, default.region)
    local function arn(form)
        return string.format(form, region or default.region, sender or default.sender)
    end
    for number, item in ipairs(said.resources or {}) do
        with_arn(item, number, region or default.region, sender or default.sender)
    end
    local kept = {
        now_ms = now_ms,
        began_ms = began_ms(said, now_ms),
        resources = said.resources or nil,
        created_ms = created_ms(said, now_ms),
        first_seen_ms = said.first_seen and now_ms - said.first_seen * 1000,
        times_seen = said.times_seen,
        cloud = said.cloud or "aws",
        account = told(said.account, default.account),
        region = region,
        id = said.id or arn(default.id),
        sender = sender,
        receiver_arn = told(said.receiver_arn),
        invitation_name = told(said.name, "example-share"),
        share = told(said.share, arn(default.share)),
    }
    add_past(kept, "rejected", said.rejected, now_ms)
    add_past(kept, "seen", said.seen or said.rejected, now_ms) -- what was rejected was seen
    return kept
end

local expectations = { "expect", "rule", "reason", "observe", "undecided", "fault" }

local function add_test(entry, what, given)
    local said = sheet.read(what, given, fields, "test")
    check_together(what, said)
    for key, value in pairs(invitation(said)) do
        entry[key] = value
    end
    for _, key in ipairs(expectations) do
        entry[key] = said[key]
    end
end

local line_of = {}

local function test_word(name, extra)
    local example = 'test "a stale one goes" { age = "7h", expect = "reject" }'
    if type(name) ~= "string" or name == "" or not sheet.is_utf8(name) then
        sheet.fail("test takes a name first: %s", example)
    end
    local what = string.format('test "%s"', name)
    if extra ~= nil then
        sheet.fail("%s takes its fields without a comma: %s", what, example)
    elseif line_of[name] then
        sheet.fail("%s has the name of the test in line %d: give each a name of its own", what, line_of[name])
    end
    local entry = { line = sheet.line(), name = name }
    line_of[name] = entry.line
    tests[#tests + 1] = entry
    local function tell(given)
        if entry.expect then
            sheet.fail("%s takes one table of fields, not two", what)
        end
        add_test(entry, what, given)
        return tell
    end
    return tell
end

local function finish()
    for _, entry in ipairs(tests) do
        if entry.expect == nil then
            sheet.fail_at(entry.line, 'test "%s" expects nothing: add { expect = "reject" }', entry.name)
        end
    end
    if #policies == 0 then
        sheet.fail_at(1, 'no policy is tested here: name one, policy "strangers.lua"')
    elseif #tests == 0 then
        sheet.fail_at(1, 'there is no test here: add one, test "a stale one goes" { age = "7h", expect = "reject" }')
    end
    return { policies = policies, tests = tests }
end

local words = { policy = sheet.policy_word(policies), test = test_word }

return { environment = sheet.environment("test file", words, {}, {}), finish = finish }
