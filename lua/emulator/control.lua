-- control.lua - what tests ask of the emulator itself, beneath /_emulator/.

local failure = require "emulator.failure"
local faults = require "emulator.faults"
local host = require "emulator.host"
local json = require "emulator.json"
local scenario = require "emulator.scenario"
local world = require "emulator.world"

local control = {}

local function refuse(status, message)
    failure.raise(status, "refused", message)
end

-- What f(...) answers; the sentence that it raised, as a refusal.
local function check(f, ...)
    local ok, result, more = pcall(f, ...)
    if not ok then
        refuse(400, tostring(result))
    end
    return result, more
end

local function add_invitations(state, request)
    local said, regions = check(scenario.read, request.body)
    local known = " " .. table.concat(state.regions, " ") .. " "
    for _, name in ipairs(regions) do
        if not known:find(" " .. name .. " ", 1, true) then
            refuse(400, ("region %s of Alibaba Cloud has no port: name it in the scenario at the start"):format(name))
        end
    end
    check(scenario.add, state.world, said, request.now_ms)
    return '{"ok":true}'
end

local ANSWERS <const> = { accept = "ACCEPTED", reject = "REJECTED", cancel = "CANCELLED" }

-- {"cloud":"aws","account":"...","region":"...","id":"...","does":"accept"}: somebody else was there.
local function act_as_person(state, request)
    local asked = json.read(request.body)
    if type(asked) ~= "table" or not ANSWERS[asked.does] then
        refuse(400, 'an object with cloud, account, region, id and does ("accept", "reject", "cancel") is wanted')
    end
    local account = (state.world.accounts[asked.cloud] or {})[asked.account]
    local region = account and account.regions[asked.region]
    local invitation = region and region.by_id[asked.id]
    if not invitation then
        refuse(404, "there is no such invitation")
    elseif world.status(invitation, request.now_ms) ~= "PENDING" then
        refuse(409, "it is not pending")
    end
    world.settle(invitation, ANSWERS[asked.does], request.now_ms)
    state.world:record(request.now_ms, {
        cloud = asked.cloud, account = asked.account, region = asked.region, op = asked.does, id = asked.id,
        who = "person", result = "ok",
    })
    return '{"ok":true}'
end

local function show_ledger(state)
    return state.world:ledger_json()
end

-- Every secret and token that was handed out or is known: for tests that look for them where they must not be.
local function show_secrets(state)
    local rows = {}
    for i, secret in ipairs(state.world.secrets) do
        rows[i] = json.object("kind", secret.kind, "text", secret.text)
    end
    return json.list(rows)
end

-- Whose each key is, without secrets.
local function show_keys(state)
    local rows = {}
    for cloud, keys in pairs(state.world.keys) do
        for id, key in pairs(keys) do
            rows[#rows + 1] = json.object("id", id, "cloud", cloud, "account", key.account.id, "role", key.role,
                "session", key.session_name, "ends", key.ends_ms and host.iso(key.ends_ms))
        end
    end
    return json.list(rows)
end

-- {"faults":["throttle:op=list"]}: these, and no others from now on.
local function replace_faults(state, request)
    local asked = json.read(request.body)
    if type(asked) ~= "table" or type(asked.faults) ~= "table" then
        refuse(400, 'an object such as {"faults":["throttle:op=list"]} is wanted')
    end
    state.faults = check(faults.read, asked.faults)
    return '{"ok":true}'
end

local PATHS <const> = {
    ["POST /_emulator/invitations"] = add_invitations,
    ["POST /_emulator/person"] = act_as_person,
    ["GET /_emulator/ledger"] = show_ledger,
    ["GET /_emulator/secrets"] = show_secrets,
    ["GET /_emulator/keys"] = show_keys,
    ["POST /_emulator/fault"] = replace_faults,
}

local function perform(state, request)
    -- A browser cannot send this header to another site without asking first, and nobody answers that question here.
    if request.headers["x-spurn-emulator"] ~= "1" then
        refuse(403, "the header X-Spurn-Emulator: 1 is wanted")
    end
    local run = PATHS[request.method .. " " .. request.path]
    return (run or refuse(404, "there is no such path"))(state, request)
end

function control.answer(state, request)
    local body, failed = failure.catch(perform, state, request)
    if failed then
        body = json.object("message", failed.message)
    end
    return {
        status = failed and failed.status or 200,
        headers = { ["Content-Type"] = "application/json" },
        body = body .. "\n",
    }
end

return control
