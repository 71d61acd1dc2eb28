-- resourcemanager.lua - Alibaba Cloud Resource Management: the accounts of a resource directory, 2020-03-31.

local failure = require "emulator.failure"
local host = require "emulator.host"
local json = require "emulator.json"

local resourcemanager = {}

local SIZE_MAX <const>, SIZE_DEFAULT <const> = 100, 10
local JOINED <const> = "2021-01-18T08:01:50.522Z"

local function refuse(status, code, message)
    failure.raise(status, code, message)
end

local function organization_of(call)
    local organization, is_manager = call.world:organization(call.account)
    if not organization then
        refuse(404, "ResourceDirectoryNotInUse",
            "The specified account is not an Alibaba Cloud account or a member account of the resource directory.")
    elseif not is_manager then
        refuse(403, "NoPermission", "You are not authorized to do this operation.")
    end
    return organization
end

local function read_number(call, name, default, most)
    local said = call.parameters[name]
    if not said then
        return default
    end
    local number = math.tointeger(tonumber(said:match "^%d+$"))
    if not number or number < 1 or number > most then
        refuse(400, "InvalidParameter." .. name, ("The specified %s is invalid."):format(name))
    end
    return number
end

-- Tag.1.Key, Tag.1.Value, Tag.2.Key, ...: an account must have all of them.
local function read_tags(call)
    local tags = {}
    while call.parameters[("Tag.%d.Key"):format(#tags + 1)] do
        local at = #tags + 1
        tags[at] = {
            key = call.parameters[("Tag.%d.Key"):format(at)],
            value = call.parameters[("Tag.%d.Value"):format(at)],
        }
    end
    return tags
end

local function has_all(account, tags)
    for _, tag in ipairs(tags) do
        local value = account.tags and account.tags[tag.key]
        if not value or tag.value and tag.value ~= value then
            return false
        end
    end
    return true
end

local function write_tags(account)
    local keys, written = {}, {}
    for key in pairs(account.tags or {}) do
        keys[#keys + 1] = key
    end
    table.sort(keys)
    for i, key in ipairs(keys) do
        written[i] = json.object("Key", key, "Value", account.tags[key])
    end
    return json.raw(json.object("Tag", json.raw(json.list(written))))
end

local function write_account(organization, account, with_tags)
    local directory = "rd-" .. host.uuid("directory\n" .. organization.management):sub(1, 6)
    return json.object(
        "Status", account.status or "CreateSuccess",
        "Type", "ResourceAccount",
        "DisplayName", account.name or "account " .. account.id,
        "FolderId", "fd-emulated00",
        "ResourceDirectoryId", directory,
        "JoinTime", JOINED,
        "AccountId", account.id,
        "JoinMethod", "created",
        "ModifyTime", JOINED,
        "Tags", with_tags and write_tags(account) or nil)
end

local function list_accounts(call)
    local organization = organization_of(call)
    local page = read_number(call, "PageNumber", 1, math.maxinteger // SIZE_MAX)
    local size = read_number(call, "PageSize", SIZE_DEFAULT, SIZE_MAX)
    local tags, chosen, written = read_tags(call), {}, {}
    for _, account in ipairs(organization.accounts) do
        if has_all(account, tags) then
            chosen[#chosen + 1] = account
        end
    end
    local with_tags = call.parameters.IncludeTags == "true"
    for i = (page - 1) * size + 1, math.min(page * size, #chosen) do
        written[#written + 1] = write_account(organization, chosen[i], with_tags)
    end
    return json.object(
        "TotalCount", json.raw(("%d"):format(#chosen)),
        "RequestId", call.request_id,
        "PageSize", json.raw(("%d"):format(size)),
        "PageNumber", json.raw(("%d"):format(page)),
        "Accounts", json.raw(json.object("Account", json.raw(json.list(written)))))
end

resourcemanager.operations = {
    ListAccounts = { name = "accounts", kind = "accounts", version = "2020-03-31", run = list_accounts },
}

return resourcemanager
