-- world.lua - accounts, keys and invitations as they stand, who hands out keys, and the ledger of who did what.

local host = require "emulator.host"
local json = require "emulator.json"

local world = {}
world.__index = world

local HOUR_MS <const> = 3600 * 1000
local NONCE_MS <const> = 30 * 60 * 1000 -- twice the clock window: a nonce may be used once within it

function world.open()
    return setmetatable({
        accounts = { aws = {}, alibaba = {} },
        keys = { aws = {}, alibaba = {} },            -- by id
        instances = {},                               -- by cloud
        metadata_tokens = { aws = {}, alibaba = {} }, -- token: when it is over
        containers = { aws = {}, alibaba = {} },      -- by path
        portals = { aws = {}, alibaba = {} },         -- by token
        organizations = { aws = {}, alibaba = {} },   -- by the management account's id
        secrets = {},
        ledger = {},
        later = {},
        nonces = { since_ms = 0, now = {}, before = {} },
    }, world)
end

function world:account(cloud, id)
    local account = self.accounts[cloud][id]
    if not account then
        account = { cloud = cloud, id = id, regions = {}, roles = {}, denied = {} }
        self.accounts[cloud][id] = account
    end
    return account
end

-- The organization that an account is in, and whether it manages it.
function world:organization(account)
    local managed = self.organizations[account.cloud][account.id]
    if managed then
        return managed, true
    end
    for _, organization in pairs(self.organizations[account.cloud]) do
        if organization.by_id[account.id] then
            return organization, false
        end
    end
end

-- What must stay with those who hold it: never in the ledger, listed on demand.
function world:keep_secret(kind, text)
    self.secrets[#self.secrets + 1] = { kind = kind, text = text }
end

function world.partition(region)
    return region:find "^cn%-" and "aws-cn" or region:find "^us%-gov%-" and "aws-us-gov"
        or region:find "^eusc%-" and "aws-eusc" or "aws"
end

function world.region(account, name)
    local region = account.regions[name]
    if not region then
        region = { account = account, name = name, invitations = {}, by_id = {}, answers = {} }
        account.regions[name] = region
    end
    return region
end

function world.add_invitation(region, invitation)
    region.invitations[#region.invitations + 1] = invitation
    region.by_id[invitation.id] = invitation
    region.by_share = nil
end

-- The invitations of one share; nil when there is none.
function world.of_share(region, share)
    if not region.by_share then
        region.by_share = {}
        for _, invitation in ipairs(region.invitations) do
            local of_share = region.by_share[invitation.share] or {}
            of_share[#of_share + 1] = invitation
            region.by_share[invitation.share] = of_share
        end
    end
    return region.by_share[share]
end

-- ---- what is true of an invitation ----

-- Those that live for seven days; every other type, and a mixture, lives for twelve hours. Source: AWS RAM User Guide,
-- "Accepting and rejecting resource share invitations".
local SEVEN_DAYS <const> = {}
for _, name in ipairs {
    "ec2:CapacityReservation", "ec2:CoipPool", "ec2:DedicatedHost", "ec2:LocalGatewayRouteTable", "ec2:PrefixList",
    "ec2:Subnet", "ec2:TrafficMirrorTarget", "ec2:TransitGateway", "ec2:TransitGatewayMulticastDomain",
    "license-manager:LicenseConfiguration", "outposts:Outpost", "outposts:Site", "rds:Cluster",
    "route53resolver:ResolverRule",
} do
    SEVEN_DAYS[name] = true
end

function world.lifetime_ms(cloud, resources)
    for _, resource in ipairs(resources) do
        if cloud == "aws" and not SEVEN_DAYS[resource.type] then
            return 12 * HOUR_MS
        end
    end
    return 7 * 24 * HOUR_MS
end

function world.status(invitation, now_ms)
    local is_over = invitation.status == "PENDING" and now_ms - invitation.created_ms >= invitation.lifetime_ms
    return is_over and "EXPIRED" or invitation.status
end

-- As a list that lags shows it.
function world.listed_status(invitation, now_ms, lag_s)
    if lag_s and invitation.settled_ms and now_ms - invitation.settled_ms < lag_s * 1000 then
        return "PENDING"
    end
    return world.status(invitation, now_ms)
end

function world.settle(invitation, status, now_ms)
    invitation.status = status
    invitation.settled_ms = now_ms
end

-- ---- nonces ----

-- False when it was used within the clock window. Two halves, so that old ones are forgotten.
function world:use_nonce(nonce, now_ms)
    local nonces = self.nonces
    if now_ms - nonces.since_ms > NONCE_MS then
        nonces.before, nonces.now, nonces.since_ms = nonces.now, {}, now_ms
    end
    if nonces.now[nonce] or nonces.before[nonce] then
        return false
    end
    nonces.now[nonce] = true
    return true
end

-- ---- what happens later ----

function world:do_later(due_ms, action)
    self.later[#self.later + 1] = { due_ms = due_ms, action = action }
end

function world:catch_up(now_ms)
    local waiting = {}
    for _, entry in ipairs(self.later) do
        if entry.due_ms <= now_ms then
            entry.action(entry.due_ms)
        else
            waiting[#waiting + 1] = entry
        end
    end
    self.later = waiting
end

-- ---- the ledger ----

-- entry: cloud, account, region, op, id, who, result, reply ("sent", "lost", "late" or "dropped").
function world:record(at_ms, entry)
    entry.at_ms = at_ms
    self.ledger[#self.ledger + 1] = entry
end

function world:ledger_json()
    local rows = {}
    for i, entry in ipairs(self.ledger) do
        rows[i] = json.object(
            "at", host.iso(entry.at_ms), "cloud", entry.cloud, "account", entry.account, "region", entry.region,
            "op", entry.op, "id", entry.id, "who", entry.who, "result", entry.result, "reply", entry.reply)
    end
    return json.list(rows)
end

return world
