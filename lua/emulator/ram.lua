-- ram.lua - AWS Resource Access Manager's four operations on invitations, 2018-01-04, by its public model.

local failure = require "emulator.failure"
local json = require "emulator.json"
local paging = require "emulator.paging"
local scenario = require "emulator.scenario"
local world = require "emulator.world"

local ram = {}

local MAX_RESULTS <const> = 500
local DEFAULT_RESULTS <const> = 100 -- the model names no default

local function refuse(name, message)
    failure.raise(400, name .. "Exception", message)
end

-- ---- reading what was asked ----

local function read_input(call)
    local body = call.request.body
    local input, why = json.read(body == "" and "{}" or body)
    if type(input) ~= "table" then
        refuse("Serialization", why and "The request body is not JSON: " .. why or "The request body is not an object.")
    end
    return input
end

local function read_string(call, input, name)
    local value = input[name]
    if value ~= nil and type(value) ~= "string" then
        refuse(call.op.wrong_type, ("%s must be a string."):format(name))
    end
    return value
end

local function read_strings(call, input, name)
    local list = input[name]
    if list == nil then
        return nil
    elseif type(list) ~= "table" then
        refuse(call.op.wrong_type, ("%s must be a list."):format(name))
    end
    for key, value in pairs(list) do
        if math.type(key) ~= "integer" or type(value) ~= "string" then
            refuse(call.op.wrong_type, ("%s must be a list of strings."):format(name))
        end
    end
    return list[1] and list or nil
end

local function check_arn(arn, kind)
    local account, id = arn:match("^arn:aws[%w-]*:ram:[%w-]+:(%d+):" .. kind:gsub("-", "%%-") .. "/([%w-]+)$")
    if not account or #account ~= 12 or not id then
        refuse("MalformedArn", ("The specified ARN %s is not valid."):format(arn))
    end
    return arn
end

local function read_size(input, wrong)
    local size = input.maxResults
    if size == nil then
        return DEFAULT_RESULTS
    elseif math.type(size) ~= "integer" or size < 1 or size > MAX_RESULTS then
        refuse(wrong, ("maxResults must be a whole number from 1 to %d."):format(MAX_RESULTS))
    end
    return size
end

local function find(call, arn)
    return call.region.by_id[arn]
        or refuse("ResourceShareInvitationArnNotFound", ("The invitation %s does not exist."):format(arn))
end

-- ---- writing what is answered ----

local function seconds(ms)
    return json.raw(("%.3f"):format(ms / 1000))
end

-- All but the status is made once: a list of a hundred thousand is asked for again and again.
local function write_invitation(invitation, status)
    local start = invitation.written
    if not start then
        start = json.object_without(invitation.omit,
            "resourceShareInvitationArn", invitation.id,
            "resourceShareName", invitation.name,
            "resourceShareArn", invitation.share,
            "senderAccountId", invitation.sender,
            "receiverAccountId", invitation.receiver,
            "invitationTimestamp", seconds(invitation.created_ms),
            "receiverArn", invitation.receiver_arn):sub(1, -2)
        invitation.written = start
    end
    if invitation.omit.status then
        return start .. "}"
    end
    local comma = start == "{" and "" or ","
    return ('%s%s"status":"%s"}'):format(start, comma, status)
end

local function write_resource(invitation, resource, share)
    return json.object(
        "arn", resource.arn,
        "type", resource.type,
        "resourceShareArn", share,
        "status", resource.status,
        "creationTime", seconds(invitation.created_ms),
        "lastUpdatedTime", seconds(invitation.created_ms),
        "resourceRegionScope", resource.scope)
end

-- One page of list.items, each written by list.write, as the member list.name.
local function write_page(call, input, list)
    local size = read_size(input, list.wrong_size)
    local place = table.concat({ call.account.id, call.region.name, call.op.name, list.query }, "|")
    local first, last, following = paging.page(call.pages, {
        query = place,
        token = read_string(call, input, "nextToken"),
        size = size,
        count = #list.items,
        faults = call.faults,
    })
    if not first then
        refuse("InvalidNextToken", "The specified value for NextToken is not valid.")
    end
    local written = {}
    for i = first, last do
        written[#written + 1] = list.write(list.items[i])
    end
    return json.object(list.name, json.raw(json.list(written)), "nextToken", following)
end

-- ---- GetResourceShareInvitations ----

local function chosen_by_id(call, arns)
    local items = {}
    for _, arn in ipairs(arns) do
        items[#items + 1] = find(call, check_arn(arn, "resource-share-invitation"))
    end
    return items
end

local function chosen_by_share(call, arns)
    local items = {}
    for _, arn in ipairs(arns) do
        local of_share = world.of_share(call.region, check_arn(arn, "resource-share"))
        if not of_share then
            refuse("UnknownResource", ("The resource share %s does not exist."):format(arn))
        end
        table.move(of_share, 1, #of_share, #items + 1, items)
    end
    return items
end

local function both(some, others)
    local wanted, items = {}, {}
    for _, item in ipairs(others) do
        wanted[item] = true
    end
    for _, item in ipairs(some) do
        if wanted[item] then
            items[#items + 1] = item
        end
    end
    return items
end

local function get_invitations(call)
    local input = read_input(call)
    local ids = read_strings(call, input, "resourceShareInvitationArns")
    local shares = read_strings(call, input, "resourceShareArns")
    local items = ids and chosen_by_id(call, ids)
    if shares then
        local of_shares = chosen_by_share(call, shares)
        items = items and both(items, of_shares) or of_shares
    end
    local query = table.concat(ids or {}, ",") .. ";" .. table.concat(shares or {}, ",")
    local function write(invitation)
        return write_invitation(invitation, world.listed_status(invitation, call.now_ms, call.faults.list_lag))
    end
    return write_page(call, input, {
        name = "resourceShareInvitations", items = items or call.region.invitations, query = query, write = write,
        wrong_size = "InvalidMaxResults",
    })
end

-- ---- RejectResourceShareInvitation, AcceptResourceShareInvitation ----

local CLOSED <const> = {
    ACCEPTED = { "ResourceShareInvitationAlreadyAccepted", "The invitation %s was already accepted." },
    REJECTED = { "ResourceShareInvitationAlreadyRejected", "The invitation %s was already rejected." },
    EXPIRED = { "ResourceShareInvitationExpired", "The invitation %s has expired." },
}

local function refuse_closed(invitation, now_ms)
    local closed = CLOSED[world.status(invitation, now_ms)]
    if closed then
        refuse(closed[1], closed[2]:format(invitation.id))
    end
end

-- The body of an earlier answer to this very call; nil when the token is new here.
local function earlier_answer(call, token, arn)
    local earlier = call.region.answers[token]
    if earlier and (earlier.op ~= call.op or earlier.arn ~= arn) then
        refuse("IdempotentParameterMismatch", "The client token was used before, with other parameters.")
    end
    return earlier and earlier.body
end

local function answer_invitation(call)
    local input = read_input(call)
    local arn = read_string(call, input, "resourceShareInvitationArn")
        or refuse("MalformedArn", "resourceShareInvitationArn must be given.")
    local token = read_string(call, input, "clientToken")
    call.subject = arn
    check_arn(arn, "resource-share-invitation")
    if token and not token:find "^[!-~]+$" or token and #token > 64 then
        refuse("InvalidClientToken", "The client token is not valid.")
    end
    local earlier = token and earlier_answer(call, token, arn)
    if earlier then
        call.result = "replayed"
        return earlier
    end
    local invitation = find(call, arn)
    refuse_closed(invitation, call.now_ms)
    if invitation.is_locked or invitation.receiver ~= call.account.id then
        refuse("OperationNotPermitted", "The requested operation is not permitted.")
    end
    world.settle(invitation, call.op.status, call.now_ms)
    token = token or call.request_id
    local shown = json.raw(write_invitation(invitation, call.op.status))
    local body = json.object("resourceShareInvitation", shown, "clientToken", token)
    call.region.answers[token] = { op = call.op, arn = arn, body = body }
    return body
end

-- ---- ListPendingInvitationResources ----

local SCOPES <const> = { ALL = true, REGIONAL = true, GLOBAL = true }

local function list_resources(call)
    local input = read_input(call)
    local arn = read_string(call, input, "resourceShareInvitationArn")
        or refuse("MissingRequiredParameter", "resourceShareInvitationArn must be given.")
    local scope = read_string(call, input, "resourceRegionScope") or "ALL"
    call.subject = arn
    check_arn(arn, "resource-share-invitation")
    if not SCOPES[scope] then
        refuse("InvalidParameter", "resourceRegionScope must be ALL, REGIONAL or GLOBAL.")
    end
    local invitation = find(call, arn)
    local status = world.status(invitation, call.now_ms)
    if status ~= "ACCEPTED" then -- the model has no error for that one
        refuse_closed(invitation, call.now_ms)
    end
    local items = {}
    for i = 1, #invitation.resources do
        local resource = scenario.resource(call.region, invitation, i)
        if scope == "ALL" or scope == resource.scope then
            items[#items + 1] = resource
        end
    end
    local share = call.faults.other_share and invitation.share .. "0" or invitation.share
    local function write(resource)
        return write_resource(invitation, resource, share)
    end
    return write_page(call, input, {
        name = "resources", items = items, query = arn .. ";" .. scope, write = write, wrong_size = "InvalidParameter",
    })
end

-- ---- the operations ----

-- wrong_type: what a value of the wrong JSON type is called; the protocol's own word where the model has no
-- InvalidParameterException.
local OPERATIONS <const> = {
    ["/getresourceshareinvitations"] = {
        name = "GetResourceShareInvitations", kind = "list", run = get_invitations, wrong_type = "InvalidParameter",
    },
    ["/rejectresourceshareinvitation"] = {
        name = "RejectResourceShareInvitation", kind = "reject", run = answer_invitation, status = "REJECTED",
        wrong_type = "Serialization",
    },
    ["/acceptresourceshareinvitation"] = {
        name = "AcceptResourceShareInvitation", kind = "accept", run = answer_invitation, status = "ACCEPTED",
        wrong_type = "Serialization",
    },
    ["/listpendinginvitationresources"] = {
        name = "ListPendingInvitationResources", kind = "resources", run = list_resources,
        wrong_type = "InvalidParameter",
    },
}
for _, operation in pairs(OPERATIONS) do
    operation.service = "ram"
    operation.action = operation.name
end

function ram.route(call)
    local request = call.request
    return request.method == "POST" and OPERATIONS[request.path] or nil
end

local function respond(status, body)
    return { status = status, headers = { ["Content-Type"] = "application/json" }, body = body }
end

function ram.success(_, body)
    return respond(200, body)
end

function ram.failure(_, failed)
    local response = respond(failed.status, json.object("message", failed.message))
    response.headers["x-amzn-ErrorType"] = failed.code
    return response
end

return ram
