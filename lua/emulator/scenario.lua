-- scenario.lua - the accounts, keys and invitations that a scenario file tells of, checked member by member.

local host = require "emulator.host"
local json = require "emulator.json"
local world = require "emulator.world"

local scenario = {}

local function refuse(path, why)
    error(("cannot use %s: %s"):format(path, why), 0)
end

-- ---- what a member may be: each reads a value or refuses it ----

local function text(value, path)
    return type(value) == "string" and value or refuse(path, "a string is wanted")
end

local function flag(value, path)
    if type(value) ~= "boolean" then
        refuse(path, "true or false is wanted")
    end
    return value
end

local function count(value, path)
    local is_count = math.type(value) == "integer" and value >= 1
    return is_count and value or refuse(path, "a whole number from 1 on is wanted")
end

local function list_of(read)
    return function(value, path)
        if type(value) ~= "table" or (next(value) ~= nil and value[1] == nil) then
            refuse(path, "a list is wanted")
        end
        local items = {}
        for i, item in ipairs(value) do
            items[i] = read(item, ("%s[%d]"):format(path, i - 1))
        end
        return items
    end
end

local function names_of(members)
    local names = {}
    for name in pairs(members) do
        names[#names + 1] = name
    end
    table.sort(names)
    return table.concat(names, ", ")
end

-- `example` says what the least of them looks like.
local function object_of(members, required, example)
    return function(value, path)
        if type(value) ~= "table" or value[1] ~= nil then
            refuse(path, "an object is wanted")
        end
        local object = {}
        for name, member in pairs(value) do
            local read = members[name] or refuse(path .. "." .. name,
                "there is no such member; there are " .. names_of(members))
            object[name] = read(member, path .. "." .. name)
        end
        for _, name in ipairs(required) do
            if object[name] == nil then
                refuse(path, ("%s is missing; there must be %s"):format(name, example or table.concat(required, ", ")))
            end
        end
        return object
    end
end

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

local read_scenario <const> = object_of({
    schema = count,
    about = text, -- for people
    accounts = list_of(object_of({
        cloud = text,
        id = text,
        about = text,
        keys = list_of(object_of({ id = text, secret = text, token = text, expired = flag }, { "id", "secret" })),
        regions = list_of(object_of({ name = text, invitations = list_of(read_invitation) }, { "name" })),
    }, { "cloud", "id" })),
}, { "schema", "accounts" }, '{ "schema": 1, "accounts": [] }')

-- ---- each cloud's own forms ----

local function hex(...)
    return (host.uuid(table.concat({ ... }, "\n")):gsub("-", ""))
end

local function partition(region)
    return region:find "^cn%-" and "aws-cn" or region:find "^us%-gov%-" and "aws-us-gov" or "aws"
end

local function set(...)
    local members = {}
    for _, name in ipairs { ... } do
        members[name] = true
    end
    return members
end

local CLOUDS <const> = {
    aws = {
        account = ("%d"):rep(12),
        account_form = "12 digits",
        statuses = set("PENDING", "ACCEPTED", "REJECTED", "EXPIRED"),
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
        statuses = set("PENDING", "ACCEPTED", "REJECTED", "EXPIRED", "CANCELLED", "ACCEPT_FAILED"),
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
        omit = said.omit and set(table.unpack(said.omit)) or NO_MEMBERS,
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

local function add_key(everything, account, key, path)
    local keys = everything.keys[account.cloud]
    if keys[key.id] then
        local why = "the key '%s' is there already; an account that is added to needs no keys"
        refuse(path .. ".id", why:format(key.id))
    end
    keys[key.id] = { id = key.id, secret = key.secret, token = key.token, is_expired = key.expired, account = account }
end

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

-- Adds what was read to the world.
function scenario.add(everything, said, now_ms)
    for i, account_said in ipairs(said.accounts) do
        local path = ("scenario.accounts[%d]"):format(i - 1)
        local account = everything:account(account_said.cloud, account_said.id)
        for k, key in ipairs(account_said.keys or {}) do
            add_key(everything, account, key, ("%s.keys[%d]"):format(path, k - 1))
        end
        for r, region_said in ipairs(account_said.regions or {}) do
            local region = world.region(account, region_said.name)
            for n, invitation in ipairs(region_said.invitations or {}) do
                local place = ("%s.regions[%d].invitations[%d]"):format(path, r - 1, n - 1)
                add_invitations(region, invitation, now_ms, place)
            end
        end
    end
end

return scenario
