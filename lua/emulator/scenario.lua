-- scenario.lua - the accounts, their invitations, and all else that a scenario file tells of, checked member by member.

local access = require "emulator.access"
local host = require "emulator.host"
local json = require "emulator.json"
local shapes = require "emulator.shapes"
local world = require "emulator.world"

local scenario = {}

local count, flag, list_of, object_of, set, text =
    shapes.count, shapes.flag, shapes.list_of, shapes.object_of, shapes.set, shapes.text
local refuse = shapes.refuse

local read_resource <const> = object_of({ type = text, arn = text, status = text, scope = text }, { "type" })

local read_invitation <const> = object_of({
    id = text,           -- else derived from its place
    sender = text,       -- account id
    name = text,
    share = text,        -- ARN or rs-...; else derived
    age = text,          -- "3h", counted back from the start; else one hour
    created = text,      -- an instant, instead of an age
    status = text,       -- in AWS's spelling; else PENDING
    resources = list_of(read_resource),
    receiver = text,     -- else the account itself
    receiver_arn = text, -- of an IAM user or role
    locked = flag,       -- may be neither accepted nor rejected
    accept_fails = text, -- Alibaba: why accepting fails
    omit = list_of(text), -- members, by the cloud's names, that its answers leave out
    ["repeat"] = count,  -- so many of it; "%d" in its strings is the number
}, { "sender" })

local SCHEMA <const> = 1 -- of the format, as scenarios name it

local members <const> = {
    schema = count,
    about = text, -- for people
    accounts = list_of(object_of({
        cloud = text,
        id = text,
        about = text,
        keys = list_of(access.read_key),
        roles = list_of(access.read_role),
        denied = access.read_denied, -- operations that its keys may not do
        regions = list_of(object_of({
            name = text,
            opted_out = flag, -- AWS: its keys are not taken there
            invitations = list_of(read_invitation),
        }, { "name" })),
    }, { "cloud", "id" })),
}
for name, read in pairs(access.members) do
    members[name] = read
end

local read_scenario <const> = object_of(members, { "schema", "accounts" }, '{ "schema": 1, "accounts": [] }')

-- ---- each cloud's own forms ----

local function hex(...)
    return (host.uuid(table.concat({ ... }, "\n")):gsub("-", ""))
end

local partition = world.partition

local CLOUDS <const> = {
    aws = {
        account = ("%d"):rep(12),
        account_form = "12 digits",
        statuses = set { "PENDING", "ACCEPTED", "REJECTED", "EXPIRED" },
        id = function(region, sender, place)
            return ("arn:%s:ram:%s:%s:resource-share-invitation/%s")
                :format(partition(region), region, sender, host.uuid("invitation\n" .. place))
        end,
        share = function(region, sender, place)
            return ("arn:%s:ram:%s:%s:resource-share/%s")
                :format(partition(region), region, sender, host.uuid("share\n" .. place))
        end,
    },
    alibaba = {
        account = ("%d"):rep(16),
        account_form = "16 digits",
        statuses = set { "PENDING", "ACCEPTED", "REJECTED", "EXPIRED", "CANCELLED", "ACCEPT_FAILED" },
        id = function(_, _, place) return "i-" .. hex("invitation", place):sub(1, 16) end,
        share = function(_, _, place) return "rs-" .. hex("share", place):sub(1, 12) end,
    },
}

local function check_account(cloud, id, path)
    if not id:find("^" .. cloud.account .. "$") then
        refuse(path, ("an account id of %s is wanted"):format(cloud.account_form))
    end
end

-- ---- one invitation ----

local NUMBER <const> = "%%0?%d*d" -- "%d", "%012d"

local function is_numbered(value)
    if type(value) ~= "table" then
        return type(value) == "string" and value:find(NUMBER) ~= nil
    end
    for _, member in pairs(value) do
        if is_numbered(member) then
            return true
        end
    end
    return false
end

-- What holds no number is shared: a hundred thousand of them are wanted at times.
local function numbered(value, number)
    if not is_numbered(value) then
        return value
    elseif type(value) == "string" then
        return (value:gsub(NUMBER, function(form) return form:format(number) end))
    end
    local copy = {}
    for key, member in pairs(value) do
        copy[key] = numbered(member, number)
    end
    return copy
end

local function created_ms(said, now_ms, path)
    if said.created then
        return host.instant(said.created)
            or refuse(path .. ".created", "an instant such as 2026-11-22T03:10:00Z is wanted")
    end
    local age_s = host.seconds(said.age or "1h")
        or refuse(path .. ".age", "a duration such as 90s, 3h or 1d12h is wanted")
    return now_ms - age_s * 1000
end

local NO_MEMBERS <const> = {}
local DEFAULT_RESOURCES <const> = { { type = "ec2:Subnet" } }

-- A resource of an invitation, with what the scenario left unsaid.
function scenario.resource(region, invitation, index)
    local said = invitation.resources[index]
    local service, kind = said.type:match "^([^:]+):(.+)$"
    local name = hex("resource", invitation.id, index):sub(1, 17)
    return {
        type = said.type,
        arn = said.arn or ("arn:%s:%s:%s:%s:%s/%s"):format(partition(region.name), service or said.type, region.name,
            invitation.sender, (kind or "resource"):lower(), name),
        status = said.status or "AVAILABLE",
        scope = said.scope or "REGIONAL",
    }
end

local function add_invitation(region, said, now_ms, path)
    local account = region.account
    local cloud = CLOUDS[account.cloud]
    check_account(cloud, said.sender, path .. ".sender")
    local status = said.status or "PENDING"
    if not cloud.statuses[status] then
        refuse(path .. ".status", ("'%s' is no status of %s"):format(status, account.cloud))
    end
    local place = table.concat({ account.cloud, account.id, region.name, #region.invitations + 1 }, "/")
    local resources = said.resources or DEFAULT_RESOURCES
    local invitation = {
        id = said.id or cloud.id(region.name, said.sender, place),
        share = said.share or cloud.share(region.name, said.sender, place),
        sender = said.sender,
        name = said.name or "share",
        receiver = said.receiver or account.id,
        receiver_arn = said.receiver_arn,
        created_ms = created_ms(said, now_ms, path),
        lifetime_ms = world.lifetime_ms(account.cloud, resources),
        status = status,
        resources = resources,
        is_locked = said.locked,
        accept_fails = said.accept_fails,
        omit = said.omit and set(said.omit) or NO_MEMBERS,
    }
    if region.by_id[invitation.id] then
        refuse(path .. ".id", ("'%s' is there twice"):format(invitation.id))
    end
    world.add_invitation(region, invitation)
end

local function add_invitations(region, said, now_ms, path)
    local times = said["repeat"]
    said["repeat"] = nil
    if not times then
        return add_invitation(region, said, now_ms, path)
    end
    for number = 1, times do
        add_invitation(region, numbered(said, number), now_ms, path)
    end
end

-- ---- the whole ----

-- What `source` (JSON) tells of, its members checked, and the names of Alibaba's regions in it, in order.
function scenario.read(source)
    local value, why = json.read(source)
    if value == nil then
        error("cannot use the scenario: " .. (why or "it is empty"), 0)
    end
    local said = read_scenario(value, "scenario")
    if said.schema ~= SCHEMA then
        refuse("scenario.schema", ("%d is wanted"):format(SCHEMA))
    end
    local regions, known = {}, {}
    for i, account in ipairs(said.accounts) do
        local path = ("scenario.accounts[%d]"):format(i - 1)
        local cloud = CLOUDS[account.cloud] or refuse(path .. ".cloud", "aws or alibaba is wanted")
        check_account(cloud, account.id, path .. ".id")
        for _, region in ipairs(account.cloud == "alibaba" and account.regions or {}) do
            if not known[region.name] then
                known[region.name] = true
                regions[#regions + 1] = region.name
            end
        end
    end
    return said, regions
end

local function add_region(account, said, now_ms, path)
    local region = world.region(account, said.name)
    if said.opted_out and account.cloud ~= "aws" then
        refuse(path .. ".opted_out", "only regions of AWS are opted into")
    end
    if said.opted_out ~= nil then
        region.is_opted_out = said.opted_out
    end
    for i, invitation in ipairs(said.invitations or {}) do
        add_invitations(region, invitation, now_ms, ("%s.invitations[%d]"):format(path, i - 1))
    end
end

-- Adds what was read to the world.
function scenario.add(everything, said, now_ms)
    for i, account_said in ipairs(said.accounts) do
        local path = ("scenario.accounts[%d]"):format(i - 1)
        local account = everything:account(account_said.cloud, account_said.id)
        access.add_account(everything, account, account_said, now_ms, path)
        for r, region in ipairs(account_said.regions or {}) do
            add_region(account, region, now_ms, ("%s.regions[%d]"):format(path, r - 1))
        end
    end
    access.add(everything, said)
end

return scenario
