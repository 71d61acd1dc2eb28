-- Each way to keys of AWS, as its own tools leave it: the right ones are found, whatever else lies about.
local program = require "program"
local keys_aws = require "keys_aws"
local test = program.test

local function sorted_names()
    local names = {}
    for name in pairs(keys_aws.sources) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

-- "2026-11-22T03:10:00Z" is so many seconds from now. Both are read as if they were local times.
local function seconds_until(instant)
    local year, month, day, hour, min, sec = instant:match "^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)"
    local ends_s = os.time { year = year, month = month, day = day, hour = hour, min = min, sec = sec, isdst = false }
    return ends_s - os.time(os.date "!*t")
end

for _, name in ipairs(sorted_names()) do
    test(name .. ": its keys are used, and no others")(function(t)
        local case = keys_aws.case(t, name)
        local source = case.source
        local plan = case:spurn "plan --format json"
        t:ended(plan, 0)
        t:equal(plan.err, "")
        t:equal(#plan.json.targets, 1)
        t:equal(plan.json.targets[1].account, source.account)
        t:equal(#plan.json.decisions, 1)
        t:equal(plan.json.decisions[1].account, source.account)
        local calls = case:calls()
        for _, op in ipairs { "identity", "assume", "web_identity", "portal", "container", "metadata_token",
            "metadata" } do
            t:equal(calls[op], source.calls[op] or 0, op)
        end

        local doctor = case:spurn "doctor --format json"
        t:ended(doctor, 0)
        t:equal(doctor.err, "")
        local row = doctor.json.targets[1]
        t:equal(row.status, "well")
        t:equal(row.account, source.account)
        t:holds(row.source, case:fill(source.source))
        t:holds(row.principal, source.who)
        if source.key then
            t:equal(row.key_id, source.key)
        else
            t:truth(row.key_id:find "^ASIA" and row.key_id ~= "ASIAHOMESESSION", "a key of the role's: " .. row.key_id)
        end
        if source.lifetime_s then
            local left_s = seconds_until(row.expires)
            t:truth(left_s > source.lifetime_s - 60 and left_s <= source.lifetime_s, "its duration: " .. left_s)
        end
        case:is_discreet { plan, doctor, case:spurn "doctor --log-level debug" }
    end)
end
