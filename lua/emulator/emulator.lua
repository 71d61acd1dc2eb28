-- emulator.lua - what becomes of a request, from its arrival to the answer.

local alibaba = require "emulator.alibaba"
local aws = require "emulator.aws"
local control = require "emulator.control"
local failure = require "emulator.failure"
local faults = require "emulator.faults"
local host = require "emulator.host"
local paging = require "emulator.paging"
local scenario = require "emulator.scenario"
local world = require "emulator.world"

local emulator = {}

local CLOUDS <const> = { aws = aws, alibaba = alibaba }
local BIG_LEN <const> = 17 * 1024 * 1024 -- more than any client here takes as one answer
local NONSENSE <const> = '{"Unexpected":"This is not what was asked for."}'
local HTML <const> = "<html><head><title>%d</title></head><body><h1>%d</h1><p>No answer.</p></body></html>\n"

-- Everything about one request that the steps below hand on.
local function new_call(state, request)
    return {
        request = request,
        claim = request.claim,
        cloud = CLOUDS[request.cloud],
        region_name = request.region or request.claim.region,
        world = state.world,
        pages = state.pages,
        at_ms = request.now_ms,  -- when it came in
        now_ms = request.now_ms, -- by the cloud's clock
        request_id = host.uuid(host.random()),
        faults = {},
    }
end

local function record(call, result, reply)
    call.world:record(call.at_ms, {
        cloud = call.request.cloud,
        account = call.account and call.account.id,
        region = call.region_name,
        op = call.op.name,
        id = call.subject,
        who = call.claim.key_id,
        result = result,
        reply = reply,
    })
end

local function refuse_by_fault(call)
    for _, name in ipairs { "expired_token", "throttle", "status", "deny" } do
        local value = call.faults[name]
        if value then
            call.cloud.strike(call, name, value)
        end
    end
end

local function result_of(call, failed)
    if failed then
        return failed.code or tostring(failed.status)
    end
    return call.result or "ok"
end

local function work(call)
    refuse_by_fault(call)
    if call.key and call.account.denied[call.op.kind] then
        call.cloud.forbid(call)
    end
    return call.op.run(call)
end

local function http_date(ms)
    return os.date("!%a, %d %b %Y %H:%M:%S GMT", ms // 1000)
end

-- What faults do to an answer once the work is done.
local function spoil(call, response)
    local active = call.faults
    if active.broken then
        response.body = response.body:gsub("%s+$", ""):sub(1, -2) -- the last character that means something
    end
    if active.big then
        response.body = response.body .. (" "):rep(BIG_LEN)
    end
    if active.truncate then
        response.cut_after = math.max(1, #response.body // 2)
    end
    response.delay_ms = active.slow
    response.drop = active.lost
    return response
end

local function do_late(call)
    call.world:do_later(call.at_ms + call.faults.late * 1000, function(due_ms)
        call.at_ms, call.now_ms = due_ms, due_ms
        local _, failed = failure.catch(call.op.run, call)
        record(call, result_of(call, failed), "late")
    end)
    return { drop = true }
end

-- Answers for which nothing is done.
local function answer_without(call)
    local active = call.faults
    if active.drop then
        return "dropped", { drop = true }
    elseif active.html then
        local body = HTML:format(active.html, active.html)
        return "html", { status = active.html, headers = { ["Content-Type"] = "text/html" }, body = body }
    elseif active.redirect then
        return "redirect", { status = 302, headers = { Location = active.redirect } }
    elseif active.garbage then
        local body = call.service.nonsense or NONSENSE
        return "garbage", { headers = { ["Content-Type"] = "application/json" }, body = body }
    end
end

local function perform(call)
    local how, instead = answer_without(call)
    if how then
        record(call, "nothing", how)
        return instead
    elseif call.faults.late then
        return do_late(call)
    end
    local body, failed = failure.catch(work, call)
    record(call, result_of(call, failed), call.faults.lost and "lost" or "sent")
    local response = failed and call.cloud.failure(call, failed) or call.cloud.success(call, body)
    return spoil(call, response)
end

local function serve(state, request)
    local call = new_call(state, request)
    local _, failed = failure.catch(call.cloud.route, call)
    if not failed then
        call.faults = faults.striking(state.faults, call.op.kind, call.region_name)
        call.now_ms = call.now_ms + (call.faults.skew or 0) * 1000
        _, failed = failure.catch(call.cloud.authenticate, call)
    end
    local response = failed and call.cloud.failure(call, failed) or perform(call)
    if call.faults.skew and response.headers then
        response.headers.Date = http_date(call.now_ms)
    end
    return response
end

-- The function that answers requests, and the regions of Alibaba Cloud that want a port each.
function emulator.open(source, fault_specs, now_ms)
    local state = { world = world.open(), pages = paging.open(), faults = faults.read(fault_specs), regions = {} }
    if source then
        local said, regions = scenario.read(source)
        scenario.add(state.world, said, now_ms)
        state.regions = regions
    end
    local function answer(request)
        state.world:catch_up(request.now_ms)
        local is_control = request.cloud == "aws" and request.path:find "^/_emulator/"
        local response = is_control and control.answer(state, request) or serve(state, request)
        response.headers = response.headers or {}
        response.body = response.body or ""
        response.status = response.status or 200
        return response
    end
    return answer, state.regions
end

return emulator
