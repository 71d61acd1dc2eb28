-- Killed, cut off, told to stop, run twice at once: nothing is rejected twice, and each call's end is written down.
local cjson = require "cjson"
local program = require "program"
local test = program.test

-- So many promotions on each cloud; `limits` as the configuration has them, and no belt that holds.
local function emulated(t, count, limits)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo %d", ["repeat"] = count },
    }, {
        { sender = "9999999999999999", name = "promo %d", ["repeat"] = count },
    }))
    t:folder { ["spurn.lua"] = program.config(emulator,
        ('policy "policy.lua"\nlimits { percent = 100, rejections = 5000, %s }'):format(limits or "")),
        ["policy.lua"] = program.REJECT_ALL }
    return emulator
end

local APPLY <const> = "-c spurn.lua apply --yes --format json"

local function apply(t, code)
    local result = t:spurn(APPLY)
    t:ended(result, code or 0)
    return result.json.summary, result
end

-- How many reject calls the cloud carried out; none of them twice.
local function carried_out(t, emulator)
    local seen, count = {}, 0
    for _, call in ipairs(program.rejections(emulator)) do
        if call.result == "ok" then
            t:equal(seen[call.id], nil, "carried out twice: " .. call.id)
            seen[call.id] = true
            count = count + 1
        end
    end
    return count, seen
end

-- The journal and the cloud's ledger tell the same story: `count` were rejected, each once, and nothing is left open.
local function all_is_told(t, emulator, count)
    local carried, by_id = carried_out(t, emulator)
    t:equal(carried, count)
    local history = t:spurn("history --format json")
    t:ended(history, 0)
    local told = 0
    for _, row in ipairs(history.json.decisions) do
        t:truth(row.outcome ~= "open", "no open intent")
        if row.outcome == "rejected" then
            told = told + 1
            t:truth(by_id[row.id], "what is told as rejected to be so: " .. row.id)
            by_id[row.id] = nil
        end
    end
    t:equal(told, count, "told as rejected")
    t:ended(t:spurn("verify"), 0)
end

local function outcomes(t)
    local history = t:spurn("history --format json")
    t:ended(history, 0)
    local rows = {}
    for _, row in ipairs(history.json.decisions) do
        if row.outcome then
            rows[#rows + 1] = row
        end
    end
    return rows
end

local function open_intents(t)
    return program.count(outcomes(t), "outcome", "open")
end

local function calls_of(emulator, op)
    local count = 0
    for _, entry in ipairs(emulator.ledger()) do
        count = count + (entry.op == op and 1 or 0)
    end
    return count
end

-- Starts apply and sends it `signal` once the cloud has seen so many calls of `op`. Its exit code.
local function interrupted(t, emulator, signal, op, calls)
    local process = t:daemon(APPLY)
    t:becomes(20, ("%d calls of %s"):format(calls, op), function() return calls_of(emulator, op) >= calls end)
    t:signal(process, signal)
    return t:await(process, 20), process
end

-- ---- killed ----

local MOMENTS <const> = {
    { "while it lists", "GetResourceShareInvitations", 1, { "slow=1000:op=list" } },
    { "before the first reply to a rejection", "RejectResourceShareInvitation", 1, { "slow=3000:op=reject" } },
    { "amid the first batch", "RejectResourceShareInvitation", 20, { "slow=40:op=reject" } },
    { "amid a later batch", "RejectResourceShareInvitation", 100, { "slow=40:op=reject" } },
    { "while nothing it sends is carried out", "RejectResourceShareInvitation", 5, { "drop:op=reject" } },
    { "while the cloud fails", "RejectResourceShareInvitation", 5, { "status=500:op=reject" } },
    { "while the cloud is too busy", "RejectResourceShareInvitation", 5, { "throttle=20:op=reject" } },
}
for _, case in ipairs(MOMENTS) do
    local when, op, calls, faults = table.unpack(case)
    test("killed " .. when .. ", the next run closes what was left open, and does the rest once")(function(t)
        local emulator = emulated(t, 80, "window = 8")
        emulator.fault(faults)
        t:equal(interrupted(t, emulator, "KILL", op, calls), 128 + 9)
        t:ended(t:spurn("verify"), 0)
        local open = open_intents(t)
        t:equal(open > 0, op == "RejectResourceShareInvitation", "open intents")
        emulator.fault {}
        local summary = apply(t)
        t:equal(summary.closed, open)
        t:equal(summary.left_open, 0)
        all_is_told(t, emulator, 160)
        summary = apply(t)
        t:equal(summary.closed, 0)
        t:equal(summary.pending, 0)
    end)
end

test "killed again and again, it gets there in the end" (function(t)
    local emulator = emulated(t, 100)
    emulator.fault { "slow=25:op=reject", "lost:op=reject:after=30:count=10",
        "status=503:op=reject:after=90:count=10" }
    for round = 1, 6 do
        local before = calls_of(emulator, "RejectResourceShareInvitation")
        local process = t:daemon(APPLY)
        t:becomes(20, "progress", function()
            local now = calls_of(emulator, "RejectResourceShareInvitation")
            return now > before + 7 * round or not program.is_alive(process)
        end)
        t:signal(process, "KILL")
        t:await(process, 10)
        t:ended(t:spurn("verify"), 0)
    end
    emulator.fault {}
    apply(t)
    all_is_told(t, emulator, 200)
end)

test "what was decided before a death is not acted on after it" (function(t)
    local emulator = emulated(t, 5)
    emulator.fault { "drop:op=reject" }
    interrupted(t, emulator, "KILL", "RejectResourceShareInvitation", 1)
    emulator.fault {}
    t:folder { ["policy.lua"] = 'reject "nothing" (name "no such thing")\n' }
    local summary = apply(t)
    t:truth(summary.closed >= 1, "something to close")
    t:equal(summary.rejected, 0)
    all_is_told(t, emulator, 0)
end)

test "an intent whose target is no longer configured stays open, and says so" (function(t)
    local emulator = emulated(t, 1)
    emulator.fault { "drop:op=reject:region=us-east-1" }
    interrupted(t, emulator, "KILL", "RejectResourceShareInvitation", 2)
    emulator.fault {}
    local config = program.read_file(t.path .. "/spurn.lua")
    t:folder { ["spurn.lua"] = config:gsub("aws %b{}\n", "") .. "" }
    local summary, result = apply(t, 1)
    t:equal(summary.left_open, 1)
    t:holds(result.err, "its target is no longer in the configuration; put it back to have it asked")
    t:folder { ["spurn.lua"] = config }
    t:equal(apply(t).closed, 1)
    all_is_told(t, emulator, 2)
end)

-- ---- replies that are lost ----

test "a lost reply is asked for again: AWS answers the same call, Alibaba Cloud's answer is inferred" (function(t)
    local emulator = emulated(t, 1)
    emulator.fault { "lost:op=reject:region=us-east-1:count=1", "lost:op=reject:region=cn-hangzhou:count=1" }
    apply(t)
    local inferred = {}
    for _, row in ipairs(outcomes(t)) do
        t:equal(row.outcome, "rejected")
        inferred[row.cloud] = row.inferred
    end
    t:equal(inferred.aws, false)
    t:equal(inferred.alibaba, true)
    all_is_told(t, emulator, 2)
end)

test "without any reply it stays open, and the next sweep that can ask closes it" (function(t)
    local emulator = emulated(t, 1)
    emulator.fault { "lost:op=reject:region=us-east-1" }
    local summary, result = apply(t, 1)
    t:equal(summary.failed, 1)
    t:equal(program.count(result.json.decisions, "outcome", "open"), 1)
    t:holds(result.err, "no reply from ")
    t:ended(t:spurn("verify"), 0)

    emulator.fault { "status=500:op=list:region=us-east-1" }
    summary = apply(t, 1)
    t:equal(summary.left_open, 1)
    t:equal(summary.closed, 0)
    t:equal(outcomes(t)[1].outcome, "open")
    t:ended(t:spurn("verify"), 0)

    emulator.fault {}
    summary = apply(t)
    t:equal(summary.left_open, 0)
    t:equal(summary.closed, 1)
    for _, row in ipairs(outcomes(t)) do
        t:equal(row.outcome, "rejected")
        t:equal(row.inferred, row.cloud == "aws")
    end
    all_is_told(t, emulator, 2)
end)

-- What the first run ends with, and how many of its two rejections it can tell by asking.
local REPLIES <const> = {
    { "that is broken JSON", "broken", 0, 2 },
    { "that is HTML and says 200", "html=200", 1, 0 },
    { "that is HTML", "html=502", 1, 0 },
    { "that is cut off", "truncate", 1, 0 },
    { "over 16 MiB", "big", 1, 0 },
    { "that says the keys have expired", "expired_token", 1, 0 },
}
for _, case in ipairs(REPLIES) do
    local what, fault, code, rejected = table.unpack(case)
    test("a reply to a rejection " .. what .. " claims nothing, and the next run finds out")(function(t)
        local emulator = emulated(t, 1)
        emulator.fault { fault .. ":op=reject" }
        t:equal(apply(t, code).rejected, rejected)
        t:ended(t:spurn("verify"), 0)
        emulator.fault {}
        apply(t)
        all_is_told(t, emulator, 2)
    end)
end

test "a journal that is taken away amid a run ends it: without an intent there is no rejection" (function(t)
    local emulator = emulated(t, 300)
    emulator.fault { "slow=50:op=reject" }
    local process = t:daemon(APPLY)
    t:becomes(20, "a rejection", function() return calls_of(emulator, "RejectResourceShareInvitation") > 0 end)
    os.rename(t.path .. "/spurn.db", t.path .. "/elsewhere.db")
    t:equal(t:await(process, 20), 1)
    t:holds(program.read_file(process.err), "spurn.db")
    local carried = carried_out(t, emulator)
    t:truth(carried < 600, "not all of it to be done")
end)

test "what was never carried out is abandoned, and rejected by the next decision" (function(t)
    local emulator = emulated(t, 1)
    emulator.fault { "status=500:op=reject" }
    apply(t, 1)
    emulator.fault {}
    local summary = apply(t)
    t:equal(summary.closed, 2)
    t:equal(summary.rejected, 2)
    t:equal(program.count(outcomes(t), "outcome", "abandoned"), 2)
    all_is_told(t, emulator, 2)
end)

test "a call that is carried out long after its connection was closed is told once" (function(t)
    local emulator = emulated(t, 1)
    emulator.fault { "late=2:op=reject" }
    apply(t, 1)
    emulator.fault {}
    apply(t)
    t:becomes(5, "the late calls", function()
        local late = 0
        for _, call in ipairs(program.rejections(emulator)) do
            late = late + (call.reply == "late" and 1 or 0)
        end
        return late >= 2
    end)
    apply(t)
    all_is_told(t, emulator, 2)
end)

test "what the cloud carried out and then listed as pending is left alone until the list settles" (function(t)
    local emulator = emulated(t, 2)
    emulator.fault { "list_lag=600" }
    t:equal(apply(t).rejected, 4)
    local summary = apply(t)
    t:equal(summary.settling, 4)
    t:equal(summary.pending, 0)
    t:equal(#program.rejections(emulator), 4)
    all_is_told(t, emulator, 4)
end)

-- ---- told to stop ----

local STOPS <const> = {
    { "while it lists", "GetResourceShareInvitations", 1, { "slow=1000:op=list" } },
    { "while it rejects", "RejectResourceShareInvitation", 10, { "slow=300:op=reject" } },
    { "while the cloud is too busy", "RejectResourceShareInvitation", 10, { "throttle=30:op=reject" } },
    { "while the cloud fails", "RejectResourceShareInvitation", 10, { "status=500:op=reject" } },
}
for _, case in ipairs(STOPS) do
    local when, op, calls, faults = table.unpack(case)
    test("told to stop " .. when .. ", it records what came of the calls in flight, and ends soon")(function(t)
        local emulator = emulated(t, 150)
        emulator.fault(faults)
        local since_s = os.time()
        local code, process = interrupted(t, emulator, "TERM", op, calls)
        t:equal(code, 1)
        t:truth(os.time() - since_s < 8, "an end soon")
        local report = cjson.decode(program.read_file(process.out))
        t:equal(report.summary.stopped, true)
        local carried = carried_out(t, emulator)
        t:equal(report.summary.rejected, carried)
        t:truth(carried < 300, "not all of it to be done")
        if faults[1]:find "^slow" then
            t:equal(open_intents(t), 0)
        end
        t:ended(t:spurn("verify"), 0)
        emulator.fault {}
        apply(t)
        all_is_told(t, emulator, 300)
    end)
end

-- ---- two at once ----

test "of two that start at once one acts, and the other says so" (function(t)
    local emulator = emulated(t, 50)
    emulator.fault { "slow=200:op=list" }
    local first, second = t:daemon(APPLY), t:daemon(APPLY)
    local codes = { t:await(first, 20), t:await(second, 20) }
    table.sort(codes)
    t:equal(table.concat(codes, " "), "0 75")
    all_is_told(t, emulator, 100)
end)

test "plans beside an apply disturb nothing" (function(t)
    local emulator = emulated(t, 100)
    emulator.fault { "slow=100:op=reject" }
    local process = t:daemon(APPLY)
    local plans = 0
    while program.is_alive(process) and plans < 20 do
        t:ended(t:spurn("plan --format json"), 0)
        plans = plans + 1
    end
    t:equal(t:await(process, 20), 0)
    t:truth(plans > 0, "a plan")
    all_is_told(t, emulator, 200)
end)
