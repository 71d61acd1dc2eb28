-- shapes.lua - what a member of a scenario may be: each shape reads a value, or refuses it and says where it stands.

local host = require "emulator.host"

local shapes = {}

function shapes.refuse(path, why)
    error(("cannot use %s: %s"):format(path, why), 0)
end

local refuse = shapes.refuse

function shapes.text(value, path)
    return type(value) == "string" and value or refuse(path, "a string is wanted")
end

function shapes.flag(value, path)
    if type(value) ~= "boolean" then
        refuse(path, "true or false is wanted")
    end
    return value
end

function shapes.count(value, path)
    local is_count = math.type(value) == "integer" and value >= 1
    return is_count and value or refuse(path, "a whole number from 1 on is wanted")
end

-- "20s": 20000
function shapes.duration_ms(value, path)
    local seconds = type(value) == "string" and host.seconds(value)
    return seconds and seconds * 1000 or refuse(path, "a duration such as 90s, 3h or 1d12h is wanted")
end

function shapes.one_of(words)
    return function(value, path)
        for _, word in ipairs(words) do
            if value == word then
                return value
            end
        end
        refuse(path, ("one of %s is wanted"):format(table.concat(words, ", ")))
    end
end

function shapes.list_of(read)
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

-- An object whose names are free.
function shapes.map_of(read)
    return function(value, path)
        if type(value) ~= "table" or value[1] ~= nil then
            refuse(path, "an object is wanted")
        end
        local map = {}
        for name, member in pairs(value) do
            map[name] = read(member, path .. "." .. name)
        end
        return map
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
function shapes.object_of(members, required, example)
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
        for _, name in ipairs(required or {}) do
            if object[name] == nil then
                refuse(path, ("%s is missing; there must be %s"):format(name, example or table.concat(required, ", ")))
            end
        end
        return object
    end
end

function shapes.set(items)
    local members = {}
    for _, name in ipairs(items) do
        members[name] = true
    end
    return members
end

return shapes
