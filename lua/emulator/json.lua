-- json.lua - reading, behind one door: null is nil, whole numbers are integers; writing, members in order.

local host = require "emulator.host"

local cjson = require "cjson".new()
cjson.decode_invalid_numbers(false)

local json = {}

local function settle(value)
    if value == cjson.null then
        return nil
    elseif math.type(value) == "float" then
        return math.tointeger(value) or value
    elseif type(value) ~= "table" then
        return value
    end
    local settled = {}
    for key, member in pairs(value) do
        settled[key] = settle(member)
    end
    return settled
end

-- The value, or nil and what is wrong. Null members are as if they were not there.
function json.read(text)
    if not utf8.len(text) then
        return nil, "it is not UTF-8"
    end
    local ok, value = pcall(cjson.decode, text)
    if not ok then
        return nil, (value:gsub("^.-:%d+: ", ""))
    end
    return settle(value)
end

-- An object of NAME, VALUE, NAME, VALUE, ... without those whose name is in the set `omitted`. A VALUE is a string, or
-- { raw = JSON }; nil leaves the member out.
function json.object_without(omitted, ...)
    local parts, members = {}, table.pack(...)
    for i = 1, members.n, 2 do
        local name, value = members[i], members[i + 1]
        if value ~= nil and not omitted[name] then
            local written = type(value) == "table" and value.raw or host.quote(value)
            parts[#parts + 1] = '"' .. name .. '":' .. written
        end
    end
    return "{" .. table.concat(parts, ",") .. "}"
end

local NONE <const> = {}

function json.object(...)
    return json.object_without(NONE, ...)
end

-- items: JSON texts.
function json.list(items)
    return "[" .. table.concat(items, ",") .. "]"
end

function json.raw(text)
    return { raw = text }
end

return json
