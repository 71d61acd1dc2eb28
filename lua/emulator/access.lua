-- access.lua - what a scenario tells of keys, of roles, and of those who hand out keys: instances, containers, portals,
-- organizations.

local faults = require "emulator.faults"
local sessions = require "emulator.sessions"
local shapes = require "emulator.shapes"

local access = {}

local HOUR_S <const> = 3600
local CLOUDS <const> = { "aws", "alibaba" }

local duration_ms, flag, list_of, object_of, one_of, text =
    shapes.duration_ms, shapes.flag, shapes.list_of, shapes.object_of, shapes.one_of, shapes.text

access.read_key = object_of({
    id = text,
    secret = text,
    token = text,
    expired = flag,
    expires = duration_ms, -- counted from the start
}, { "id", "secret" })

access.read_role = object_of({
    name = text,
    trusts = list_of(text),       -- accounts that may take it; "*": all
    external_id = text,
    session = duration_ms,        -- how long its keys live, whatever was asked for
    max_session = duration_ms,    -- the longest that may be asked for
    web_identity = list_of(text), -- tokens that may take it; "expired:TEXT": TEXT is one that is over
    provider = text,              -- Alibaba: who made those tokens
}, { "name" })

access.read_denied = list_of(one_of(faults.operations))

local read_instance <const> = object_of({
    account = text,
    role = text,
    tokens = one_of { "required", "optional", "none" }, -- of the metadata service; none: it knows of no tokens
}, { "account", "role" })

access.members = {
    instance = object_of { aws = read_instance, alibaba = read_instance },
    containers = list_of(object_of({
        cloud = one_of(CLOUDS),
        path = text,
        account = text,
        role = text,
        authorization = text, -- the header that is wanted
    }, { "cloud", "path", "account", "role" })),
    sso = list_of(object_of({
        cloud = one_of(CLOUDS),
        token = text,
        accounts = list_of(object_of({ account = text, role = text }, { "account", "role" })),
    }, { "cloud", "token", "accounts" })),
    organization = list_of(object_of({
        cloud = one_of(CLOUDS),
        management = text, -- the account whose keys may ask
        accounts = list_of(object_of({ id = text, name = text, status = text, tags = shapes.map_of(text) }, { "id" })),
    }, { "cloud", "management", "accounts" })),
}

-- ---- into the world ----

local function add_key(everything, account, said, now_ms, path)
    if everything.keys[account.cloud][said.id] then
        local why = "the key '%s' is there already; an account that is added to needs no keys"
        shapes.refuse(path .. ".id", why:format(said.id))
    end
    sessions.know(everything, {
        id = said.id, secret = said.secret, token = said.token, account = account, is_expired = said.expired,
        ends_ms = said.expires and now_ms + said.expires,
    })
end

local function web_identities(everything, said)
    local tokens = {}
    for _, item in ipairs(said or {}) do
        local over = item:match "^expired:(.*)$"
        tokens[over or item] = over and "expired" or "valid"
        everything:keep_secret("web identity token", over or item)
    end
    return tokens
end

local function add_role(everything, account, said)
    account.roles[said.name] = {
        name = said.name,
        trusts = shapes.set(said.trusts or {}),
        external_id = said.external_id,
        session_ms = said.session,
        max_session_s = said.max_session and said.max_session // 1000 or HOUR_S,
        web_identity = web_identities(everything, said.web_identity),
        provider = said.provider,
    }
end

-- Keys, roles and denials of one account.
function access.add_account(everything, account, said, now_ms, path)
    for i, key in ipairs(said.keys or {}) do
        add_key(everything, account, key, now_ms, ("%s.keys[%d]"):format(path, i - 1))
    end
    for _, role in ipairs(said.roles or {}) do
        add_role(everything, account, role)
    end
    if said.denied then
        account.denied = shapes.set(said.denied)
    end
end

local function known(everything, cloud, id, path)
    return everything.accounts[cloud][id]
        or shapes.refuse(path, ("there is no account '%s' of %s among `accounts`"):format(id, cloud))
end

-- Who hands out the keys of a role: an instance, a container, a line of a portal.
local function holder(everything, cloud, said, path)
    return { account = known(everything, cloud, said.account, path .. ".account"), role = said.role }
end

local function add_instances(everything, said)
    for cloud, instance in pairs(said) do
        local added = holder(everything, cloud, instance, "scenario.instance." .. cloud)
        added.tokens = instance.tokens or "required"
        everything.instances[cloud] = added
    end
end

local function add_container(everything, said, path)
    local added = holder(everything, said.cloud, said, path)
    if said.path:sub(1, 1) ~= "/" then
        shapes.refuse(path .. ".path", "a path that begins with / is wanted")
    end
    added.authorization = said.authorization
    everything.containers[said.cloud][said.path] = added
    if said.authorization then
        everything:keep_secret("container authorization", said.authorization)
    end
end

local function add_portal(everything, said, path)
    local lines = {}
    for i, line in ipairs(said.accounts) do
        lines[i] = holder(everything, said.cloud, line, ("%s.accounts[%d]"):format(path, i - 1))
    end
    everything.portals[said.cloud][said.token] = lines
    everything:keep_secret("portal token", said.token)
end

local function add_organization(everything, said)
    local added = { management = said.management, accounts = said.accounts, by_id = {} }
    for _, account in ipairs(said.accounts) do
        added.by_id[account.id] = account
    end
    everything.organizations[said.cloud][said.management] = added
end

-- The rest, once all accounts are there.
function access.add(everything, said)
    add_instances(everything, said.instance or {})
    for i, container in ipairs(said.containers or {}) do
        add_container(everything, container, ("scenario.containers[%d]"):format(i - 1))
    end
    for i, portal in ipairs(said.sso or {}) do
        add_portal(everything, portal, ("scenario.sso[%d]"):format(i - 1))
    end
    for _, organization in ipairs(said.organization or {}) do
        add_organization(everything, organization)
    end
end

return access
