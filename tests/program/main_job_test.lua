-- The main job, end to end on both clouds: plan, apply, plan again, history, verify.
local program = require "program"
local test = program.test

local function both_clouds(t)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo one" },
        { sender = "888888888888", name = "partner share" },
        { sender = "777777777777", name = "old", status = "ACCEPTED" },
    }, {
        { sender = "9999999999999999", name = "promo two" },
        { sender = "8888888888888888", name = "partner share" },
    }))
    t:folder {
        ["spurn.lua"] = program.config(emulator),
        ["policy.lua"] = [[
keep   "partners" (sender { "888888888888", "8888888888888888" })
reject "promotional" { name "promo*", reason = "{sender} sends promotions" }
]] }
    return emulator
end

test "a plan lists both clouds, decides, and changes nothing" (function(t)
    local emulator = both_clouds(t)
    local plan = t:spurn("plan --format json")
    t:ended(plan, 0)
    t:equal(plan.json.schema, 1)
    t:equal(#plan.json.targets, 2)
    t:equal(program.count(plan.json.targets, "status", "listed"), 2)
    t:equal(plan.json.summary.pending, 4)
    t:equal(plan.json.summary.reject, 2)
    t:equal(plan.json.summary.keep, 2)
    t:equal(plan.json.summary.rejected, 0)
    for _, row in ipairs(plan.json.decisions) do
        t:equal(row.outcome, nil)
    end
    t:equal(#program.rejections(emulator), 0)
end)

test "apply rejects on both clouds, and the next plan finds nothing more to reject" (function(t)
    local emulator = both_clouds(t)
    local apply = t:spurn("-c spurn.lua apply --yes --format json")
    t:ended(apply, 0)
    t:equal(apply.json.summary.rejected, 2)
    t:equal(program.count(apply.json.decisions, "outcome", "rejected"), 2)
    for _, row in ipairs(apply.json.decisions) do
        if row.outcome == "rejected" then
            t:equal(row.inferred, false)
            t:equal(row.rule, "promotional")
            t:equal(row.reason, row.sender .. " sends promotions")
        end
    end
    t:equal(#program.rejections(emulator), 2)
    local plan = t:spurn("plan --format json")
    t:ended(plan, 0)
    t:equal(plan.json.summary.pending, 2)
    t:equal(plan.json.summary.reject, 0)
    local history = t:spurn("history --format json")
    t:ended(history, 0)
    t:equal(program.count(history.json.decisions, "outcome", "rejected"), 2)
    t:ended(t:spurn("verify"), 0)
end)

test "all pages are read" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "n %d", ["repeat"] = 1234 } })
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local plan = t:spurn("plan --format json")
    t:ended(plan, 0)
    t:equal(plan.json.summary.pending, 1234)
    t:equal(plan.json.targets[1].pages, 3)
end)
