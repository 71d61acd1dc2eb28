-- organizations.lua - AWS Organizations: an organization's accounts and their tags. JSON 1.1, 2016-11-28.

local failure = require "emulator.failure"
local host = require "emulator.host"
local json = require "emulator.json"
local paging = require "emulator.paging"

local organizations = {}

local ACCOUNTS_MAX <const>, ACCOUNTS_DEFAULT <const> = 20, 5 -- a page; the model names no default
local TAGS_DEFAULT <const> = 3
local JOINED_MS <const> = 1577836800000
-- What is left of the older member Status; every value is told as State.
local STATUSES <const> = { ACTIVE = true, SUSPENDED = true, PENDING_CLOSURE = true }

local function refuse(code, message)
    failure.raise(400, code, message)
end

local function read_input(call)
    local body = call.request.body
    local input = json.read(body == "" and "{}" or body)
    return type(input) == "table" and input or refuse("SerializationException", "The request body is not an object.")
end

-- The organization, which only its management account may ask about.
local function organization_of(call)
    local organization, is_manager = call.world:organization(call.account)
    if not organization then
        refuse("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    elseif not is_manager then
        refuse("AccessDeniedException", "You don't have permissions to access this resource.")
    end
    return organization
end

-- One page of `items`, each written by `write`, as the member `name`.
local function write_page(call, input, name, size, items, write)
    local token = input.NextToken
    local first, last, following
    if token == nil or type(token) == "string" then
        first, last, following = paging.page(call.pages, {
            query = table.concat({ call.account.id, name, input.ResourceId }, "|"),
            token = token,
            size = size,
            count = #items,
            faults = call.faults,
        })
    end
    if not first then
        refuse("InvalidInputException", "You specified an invalid value: INVALID_NEXT_TOKEN.")
    end
    local written = {}
    for i = first, last do
        written[#written + 1] = write(items[i])
    end
    return json.object(name, json.raw(json.list(written)), "NextToken", following)
end

local function write_account(organization, account)
    local status = account.status or "ACTIVE"
    local id = "o-" .. host.uuid("organization\n" .. organization.management):gsub("-", ""):sub(1, 10)
    return json.object(
        "Id", account.id,
        "Arn", ("arn:aws:organizations::%s:account/%s/%s"):format(organization.management, id, account.id),
        "Email", ("account-%s@example.com"):format(account.id),
        "Name", account.name or "account " .. account.id,
        "Status", STATUSES[status] and status or nil,
        "State", status,
        "JoinedMethod", "CREATED",
        "JoinedTimestamp", json.raw(("%d.0"):format(JOINED_MS // 1000)))
end

local function list_accounts(call)
    local organization, input = organization_of(call), read_input(call)
    local size = input.MaxResults or ACCOUNTS_DEFAULT
    if math.type(size) ~= "integer" or size < 1 or size > ACCOUNTS_MAX then
        refuse("InvalidInputException", ("MaxResults must be a whole number from 1 to %d."):format(ACCOUNTS_MAX))
    end
    return write_page(call, input, "Accounts", size, organization.accounts, function(account)
        return write_account(organization, account)
    end)
end

local function sorted_tags(account)
    local tags = {}
    for key, value in pairs(account.tags or {}) do
        tags[#tags + 1] = { key = key, value = value }
    end
    table.sort(tags, function(a, b) return a.key < b.key end)
    return tags
end

local function list_tags(call)
    local organization, input = organization_of(call), read_input(call)
    call.subject = type(input.ResourceId) == "string" and input.ResourceId or nil
    local account = organization.by_id[call.subject or ""]
        or refuse("TargetNotFoundException", "You specified a target that doesn't exist.")
    return write_page(call, input, "Tags", TAGS_DEFAULT, sorted_tags(account), function(tag)
        return json.object("Key", tag.key, "Value", tag.value)
    end)
end

local TARGETS <const> = {
    ["AWSOrganizationsV20161128.ListAccounts"] = { name = "accounts", action = "ListAccounts", run = list_accounts },
    ["AWSOrganizationsV20161128.ListTagsForResource"] = {
        name = "tags", action = "ListTagsForResource", run = list_tags,
    },
}
for _, operation in pairs(TARGETS) do
    operation.kind = operation.name
    operation.service = "organizations"
    -- The one region of each partition that requests are signed for.
    operation.regions = { ["us-east-1"] = true, ["cn-northwest-1"] = true, ["us-gov-west-1"] = true,
        ["eusc-de-east-1"] = true }
end

function organizations.route(call)
    local request = call.request
    return request.method == "POST" and request.path == "/" and TARGETS[request.headers["x-amz-target"] or ""] or nil
end

local function respond(status, body)
    return { status = status, headers = { ["Content-Type"] = "application/x-amz-json-1.1" }, body = body }
end

function organizations.success(_, body)
    return respond(200, body)
end

-- Every refusal of this protocol is a 400.
function organizations.failure(_, failed)
    local status = failed.status < 500 and 400 or failed.status
    return respond(status, json.object("__type", failed.code, "Message", failed.message))
end

return organizations
