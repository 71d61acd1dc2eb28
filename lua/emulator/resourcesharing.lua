-- resourcesharing.lua - Alibaba Cloud Resource Sharing's three operations on invitations, 2020-01-10.

local failure = require "emulator.failure"
local host = require "emulator.host"
local json = require "emulator.json"
local paging = require "emulator.paging"
local world = require "emulator.world"

local resourcesharing = {}

local MAX_RESULTS <const>, DEFAULT_RESULTS <const> = 100, 20
local TOKEN_LEN_MAX <const> = 256
local IDS_MAX <const> = 5 -- the reference says 5, the machine-readable model 20

local function refuse(status, code, message)
    failure.raise(status, code, message)
end

-- ---- reading what was asked ----

-- Name.1, Name.2, ... as a list; nil when there is none.
local function read_ids(call, name, form)
    local ids, seen = {}, {}
    while call.parameters[name .. "." .. #ids + 1] do
        local id = call.parameters[name .. "." .. #ids + 1]
        if not id:find(form) then
            refuse(400, "InvalidParameter." .. name, ("The %s is invalid."):format(name))
        elseif seen[id] then
            refuse(400, ("InvalidParameter.%s.Duplicate"):format(name), ("The %s holds duplicates."):format(name))
        end
        seen[id] = true
        ids[#ids + 1] = id
    end
    if #ids > IDS_MAX then
        refuse(400, ("InvalidParameter.%s.Length"):format(name), ("The %s holds more than %d."):format(name, IDS_MAX))
    end
    return ids[1] and ids
end

local function read_size(call)
    local said = call.parameters.MaxResults
    local size = said and math.tointeger(tonumber(said:match "^%d+$"))
    if said and (not size or size < 1 or size > MAX_RESULTS) then
        refuse(400, "InvalidParameter.MaxResults", "The MaxResults is invalid.")
    end
    return size or DEFAULT_RESULTS
end

local function read_token(call)
    local token = call.parameters.NextToken
    if token and #token > TOKEN_LEN_MAX then
        refuse(400, "InvalidParameter.NextToken.Length", "The NextToken is too long.")
    end
    return token ~= "" and token or nil
end

-- ---- writing what is answered ----

local SPELLED <const> = {
    PENDING = "Pending", ACCEPTED = "Accepted", REJECTED = "Rejected", EXPIRED = "Expired", CANCELLED = "Cancelled",
    ACCEPT_FAILED = "AcceptFailed",
}

local function write_failures(invitation)
    local items = {}
    for i, resource in ipairs(invitation.accept_fails and invitation.resources or {}) do
        items[i] = json.object(
            "AssociateType", "Resource", "ResourceType", resource.type, "ResourceArn", resource.arn or "",
            "Status", "Failed", "FailureReason", "Unavailable", "FailureDescription", invitation.accept_fails)
    end
    return json.raw(json.list(items))
end

local function write_invitation(invitation, status, failures_name)
    return json.raw(json.object_without(invitation.omit,
        "ResourceShareInvitationId", invitation.id,
        "ResourceShareId", invitation.share,
        "ResourceShareName", invitation.name,
        "SenderAccountId", invitation.sender,
        "ReceiverAccountId", invitation.receiver,
        "CreateTime", host.iso(invitation.created_ms),
        "Status", SPELLED[status],
        failures_name, status == "ACCEPT_FAILED" and write_failures(invitation) or nil))
end

-- ---- ListResourceShareInvitations ----

local function chosen(call, ids, shares)
    local region, items = call.region, {}
    if not ids and not shares then
        return region.invitations
    end
    local wanted = {}
    for _, share in ipairs(shares or {}) do
        wanted[share] = true
        if not ids then
            local of_share = world.of_share(region, share) or {}
            table.move(of_share, 1, #of_share, #items + 1, items)
        end
    end
    for _, id in ipairs(ids or {}) do
        local invitation = region.by_id[id]
        if invitation and (not shares or wanted[invitation.share]) then
            items[#items + 1] = invitation
        end
    end
    return items
end

local function list_invitations(call)
    local size, token = read_size(call), read_token(call)
    local ids = read_ids(call, "ResourceShareInvitationIds", "^i%-[%w*]+$")
    local shares = read_ids(call, "ResourceShareIds", "^rs%-[%w*]+$")
    local items = chosen(call, ids, shares)
    local query = { call.account.id, call.region.name, table.concat(ids or {}, ","), table.concat(shares or {}, ",") }
    local first, last, following = paging.page(call.pages, {
        query = table.concat(query, "|"), token = token, size = size, count = #items, faults = call.faults,
    })
    if not first then
        refuse(400, "InvalidParameter.NextToken", "The NextToken is invalid.")
    end
    local written = {}
    for i = first, last do
        local status = world.listed_status(items[i], call.now_ms, call.faults.list_lag)
        written[#written + 1] = write_invitation(items[i], status, "InvitationFailedDetails").raw
    end
    return json.object("RequestId", call.request_id, "NextToken", following,
        "ResourceShareInvitations", json.raw(json.list(written)))
end

-- ---- RejectResourceShareInvitation, AcceptResourceShareInvitation ----

local CLOSED <const> = {
    ACCEPTED = { "InvitationStatus.AlreadyAccepted", "The resource share invitation is accepted already." },
    ACCEPT_FAILED = { "InvitationStatus.AlreadyAccepted", "The resource share invitation is accepted already." },
    REJECTED = { "InvitationStatus.AlreadyRejected", "The resource share invitation is rejected already." },
    EXPIRED = { "InvitationStatus.Expired", "The resource share invitation is expired." },
    -- The reference has no code of its own for it; to the receiver it is gone.
    CANCELLED = { "EntityNotExists.ResourceShareInvitation", "The resource share invitation does not exist." },
}

local function answer_invitation(call)
    local id = call.parameters.ResourceShareInvitationId
    call.subject = id
    if not id or id == "" then
        refuse(400, "MissingParameter.ResourceShareInvitationId", "ResourceShareInvitationId must be given.")
    elseif not id:find "^i%-[%w*]+$" then
        refuse(400, "InvalidParameter.ResourceShareInvitationId", "The ResourceShareInvitationId is invalid.")
    end
    local invitation = call.region.by_id[id]
    if not invitation or invitation.receiver ~= call.account.id then
        refuse(409, table.unpack(CLOSED.CANCELLED))
    end
    local closed = CLOSED[world.status(invitation, call.now_ms)]
    if closed then
        refuse(409, closed[1], closed[2])
    elseif invitation.is_locked then
        refuse(403, "NoPermission", "You are not authorized to do this operation.")
    end
    local status = call.op.kind == "accept" and invitation.accept_fails and "ACCEPT_FAILED" or call.op.status
    world.settle(invitation, status, call.now_ms)
    return json.object("RequestId", call.request_id,
        "ResourceShareInvitation", write_invitation(invitation, status, "AcceptInvitationFailedDetails"))
end

resourcesharing.operations = {
    ListResourceShareInvitations = { kind = "list", run = list_invitations },
    RejectResourceShareInvitation = { kind = "reject", run = answer_invitation, status = "REJECTED" },
    AcceptResourceShareInvitation = { kind = "accept", run = answer_invitation, status = "ACCEPTED" },
}
for name, operation in pairs(resourcesharing.operations) do
    operation.name = name
    operation.version = "2020-01-10"
end

-- What an invitation that does not exist is answered with.
resourcesharing.NOT_FOUND = CLOSED.CANCELLED

return resourcesharing
