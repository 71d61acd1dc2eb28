-- words.lua - writes the vocabulary, as `spurn fields` tells it, into the files that repeat it.
-- Only what stands there between `words: NAME` and `end` in comments is written.
--
--   lua5.4 src/build/words.lua SPURN [--check]
--
-- With --check nothing is written: the files that would change are named, and the exit code is 1.

local cjson = require "cjson"

local files <const> = { "lua/meta/spurn.lua", "policies/README.md", ".luacheckrc" }

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("a")
    file:close()
    return text
end

local function write(path, text)
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
end

-- { { kind, form, text, type, name }, ... }
local function read_words(spurn)
    local pipe = assert(io.popen("'" .. spurn .. "' fields --format json"))
    local words = cjson.decode(pipe:read("a")).words
    assert(pipe:close(), "cannot read the words: spurn fields failed")
    for _, word in ipairs(words) do
        word.name = word.form:match("^inv:([%w_]+)") or word.form:match("^[%w_]+")
    end
    return words
end

local function of_kind(words, ...)
    local found = {}
    for _, kind in ipairs { ... } do
        for _, word in ipairs(words) do
            if word.kind == kind then
                found[#found + 1] = word
            end
        end
    end
    return found
end

-- ---- types for editors ----

-- What the placeholders of forms are called and take.
local placeholders <const> = {
    ID = { "ids", "spurn.Values" },
    GLOB = { "globs", "spurn.Values" },
    ["SERVICE:TYPE"] = { "types", "spurn.Values" },
    RE = { "pattern", "string" },
    DURATION = { "duration", "spurn.Duration" },
    ["{ CONDITION, ... }"] = { "conditions", "spurn.Test[]" },
}

-- What options of tables take, by what stands for them in a form.
local option_types <const> = { N = "integer", DURATION = "spurn.Duration" }

-- Words whose values are more than a form can say.
local signatures <const> = {
    keep = { "rule string", "fun(condition: spurn.Test|spurn.KeepOptions)" },
    reject = { "rule string", "fun(condition: spurn.Test|spurn.RejectOptions)" },
    list = { "files string|{[integer]: string, may_be_empty?: boolean}", "spurn.List" },
    params = { "defaults T", "T", generic = "T: table" },
    required = { "what string", "any" },
    seconds = { "duration spurn.Duration", "integer" },
}

-- `"aws" | "alibaba"`: one of these, or some.
local function literal_types(argument)
    local literals = {}
    for literal in argument:gmatch('"[^"]*"') do
        literals[#literals + 1] = literal
    end
    local one_of = table.concat(literals, "|")
    return ("names %s|(%s)[]"):format(one_of, one_of)
end

-- `{ hours = "22:00-06:00", times = N }`: a table with these, any of which may be left out.
local function options_type(argument)
    local options = {}
    for name, value in argument:gmatch("([%w_]+) = ([^,}]+)") do
        value = value:match("^(.-)%s*$")
        local kind = value:match('^"') and "string" or option_types[value]
        options[#options + 1] = ("%s?: %s"):format(name, assert(kind, "no type for " .. value))
    end
    return ("options {%s}"):format(table.concat(options, ", "))
end

local function parameter_of(word)
    local argument = word.form:sub(#word.name + 2)
    local first = argument:match("^(.-) | ") or argument
    local known = placeholders[first]
    if known then
        return table.concat(known, " ")
    end
    if first:match('^"') then
        return literal_types(argument)
    end
    assert(first:match("^{ [%w_]+ = "), "nothing is known about the form " .. word.form)
    return options_type(first)
end

local function sentence(text)
    return text:sub(1, 1):upper() .. text:sub(2) .. "."
end

local function add_word(lines, word)
    local signature = signatures[word.name]
    lines[#lines + 1] = "---" .. sentence(word.text)
    lines[#lines + 1] = ("---`%s`"):format(word.form)
    if word.form == word.name then
        lines[#lines + 1] = "---@type spurn.Condition"
        lines[#lines + 1] = word.name .. " = nil"
    else
        assert(signature or word.kind == "condition", "no signature for " .. word.name)
        signature = signature or { parameter_of(word), "spurn.Condition" }
        lines[#lines + 1] = signature.generic and "---@generic " .. signature.generic
        lines[#lines + 1] = "---@param " .. signature[1]
        lines[#lines + 1] = "---@return " .. signature[2]
        lines[#lines + 1] = ("function %s(%s) end"):format(word.name, signature[1]:match("^%S+"))
    end
    lines[#lines + 1] = ""
end

local function word_types(words)
    local lines = { "" }
    for _, word in ipairs(words) do
        add_word(lines, word)
    end
    return lines
end

local function invitation_types(words)
    local lines = {
        "---A read-only view, valid during the call.",
        "---Reading what the cloud left out ends the function, and its rule is undecided.",
        "---@class spurn.Invitation",
    }
    for _, word in ipairs(of_kind(words, "field")) do
        lines[#lines + 1] = ("---@field %s %s %s"):format(word.name, word.type, word.text)
    end
    lines[#lines + 1] = "local Invitation = {}"
    lines[#lines + 1] = ""
    for _, word in ipairs(of_kind(words, "method")) do
        local argument = word.form:match("^inv:[%w_]+ (%u+)$")
        lines[#lines + 1] = "---" .. sentence(word.text)
        lines[#lines + 1] = argument and ("---@param %s string"):format(argument:lower())
        lines[#lines + 1] = "---@return " .. word.type
        lines[#lines + 1] = ("function Invitation:%s(%s) end"):format(word.name, argument and argument:lower() or "")
        lines[#lines + 1] = ""
    end
    return lines
end

-- ---- the guide ----

-- `sender ID`, `{ ID, ... }`, `(list FILE)`: a bar would end the table's cell.
local function alternatives(form)
    return "`" .. form:gsub(" | ", "`, `") .. "`"
end

local function guide_table(heading, words)
    local lines = { heading, "|---|---|" }
    for _, word in ipairs(words) do
        local form = word.kind == "field" and "inv." .. word.name or word.form
        lines[#lines + 1] = ("| %s | %s |"):format(alternatives(form), (word.text:gsub("[|*]", "\\%0")))
    end
    return lines
end

-- ---- luacheck ----

local function luacheck_names(words)
    local names, lines, line = {}, { "local policy_words = {" }, "   "
    for i, word in ipairs(of_kind(words, "rule", "condition", "value")) do
        names[i] = word.name
    end
    table.sort(names)
    for _, name in ipairs(names) do
        local item = (' "%s",'):format(name)
        if #line + #item > 120 then
            lines[#lines + 1] = line
            line = "   "
        end
        line = line .. item
    end
    lines[#lines + 1] = line
    lines[#lines + 1] = "}"
    return lines
end

-- ---- what stands between which marks ----

local parts <const> = {
    ["types of rules"] = function(words) return word_types(of_kind(words, "rule")) end,
    ["types of conditions"] = function(words) return word_types(of_kind(words, "condition")) end,
    ["types of values"] = function(words) return word_types(of_kind(words, "value")) end,
    ["types of an invitation"] = invitation_types,
    ["conditions"] = function(words)
        return guide_table("| say | and it holds when |", of_kind(words, "condition"))
    end,
    ["values"] = function(words) return guide_table("| say | and it is |", of_kind(words, "value")) end,
    ["an invitation"] = function(words)
        return guide_table("| inside a function | is |", of_kind(words, "field", "method"))
    end,
    ["names"] = luacheck_names,
}

local function rewrite(text, words)
    local lines, skips = {}, nil
    for line in text:gmatch("([^\n]*)\n") do
        local name = line:match("^<!%-%- words: (.-) %-%->$") or line:match("^%-%- words: (.-)$")
        local ends = line == "<!-- end -->" or line == "-- end"
        skips = not ends and skips
        if not skips then
            lines[#lines + 1] = line
        end
        if name then
            local part = assert(parts[name], "there are no words called " .. name)(words)
            table.move(part, 1, #part, #lines + 1, lines)
            skips = name
        end
    end
    assert(not skips, "no end after words: " .. tostring(skips))
    return table.concat(lines, "\n") .. "\n"
end

local spurn <const>, mode <const> = arg[1], arg[2]
assert(spurn and (mode == nil or mode == "--check"), "usage: words.lua SPURN [--check]")

local words <const> = read_words(spurn)
local changed = 0
for _, path in ipairs(files) do
    local before = read(path)
    local after = rewrite(before, words)
    if before ~= after then
        changed = changed + 1
        print((mode and "%s differs from the words; run make words" or "%s is rewritten"):format(path))
        if not mode then
            write(path, after)
        end
    end
end
os.exit(mode and changed > 0 and 1 or 0)
