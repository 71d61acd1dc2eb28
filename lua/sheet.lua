-- sheet.lua - a file of flat words: the plain data it says, and what it meant where it is misspelt.

local host = ... -- what src/script/sheet.c hands over

local DEEPEST = 8 -- tables in tables; parameters need two

local sheet = { line = host.line, seconds = host.seconds, instant = host.instant, is_utf8 = host.is_utf8 }

-- Ends the run with an error at the line of the file that called the word.
local function fail(form, ...)
    host.fail(string.format(form, ...))
end
sheet.fail = fail

-- The same, at a line that was noted down.
function sheet.fail_at(line, form, ...)
    host.fail(string.format(form, ...), line)
end

-- A table that is written as a JSON array, also when it is empty.
local ARRAY = { is_array = true }
local function array(items)
    return setmetatable(items or {}, ARRAY)
end
sheet.array = array

---------------------------------------------------------------------------------------------------
-- What was meant: the nearest name, or all there are.

local function sorted_keys(...)
    local names = {}
    for _, set in ipairs { ... } do
        for name in pairs(set) do
            names[#names + 1] = name
        end
    end
    table.sort(names)
    return names
end

-- `: did you mean "regions"?`, or what there is when nothing is near.
local function meant(word, ...)
    local names = sorted_keys(...)
    local nearest = host.nearest(word, names)
    if nearest then
        return string.format(': did you mean "%s"?', nearest)
    end
    return #names > 0 and string.format("; there are %s", table.concat(names, ", ")) or ""
end

---------------------------------------------------------------------------------------------------
-- Values: what each kind must be, for people, and a function that answers the value as it is kept, or nil.

local function show(value)
    if type(value) == "string" then
        return string.format('"%s"', #value > 40 and value:sub(1, 40):gsub("[\x80-\xff]*$", "") .. "..." or value)
    end
    if type(value) == "number" or type(value) == "boolean" then
        return tostring(value)
    end
    return "a " .. type(value)
end
sheet.show = show

local function is_text(value)
    return type(value) == "string" and value ~= "" and host.is_utf8(value) and not value:find("%c")
end

local function whole(least, most)
    return function(value)
        return math.type(value) == "integer" and value >= least and value <= most and value or nil
    end
end

local function texts(value)
    if type(value) ~= "table" then
        return nil
    end
    local copy = array()
    for key in pairs(value) do
        if math.type(key) ~= "integer" or key < 1 or key > #value or not is_text(value[key]) then
            return nil
        end
    end
    for i, item in ipairs(value) do
        copy[i] = item
    end
    return #copy > 0 and copy or nil
end

sheet.texts = texts

local function text(value)
    return is_text(value) and value or nil
end
sheet.text = text

local function text_or_texts(value)
    return text(value) or texts(value)
end

local function flag(value)
    if type(value) == "boolean" then
        return value
    end
end

local function duration(value)
    return type(value) == "string" and host.seconds(value) or nil
end

local MANY = 1000000000

local kinds = {
    text = { form = "a string, not empty, without control characters", keep = text },
    texts = { form = "a table of strings, not empty", keep = texts },
    text_or_texts = { form = "a string or a table of strings", keep = text_or_texts },
    flag = { form = "true or false", keep = flag },
    count = { form = "a whole number from 1 on", keep = whole(1, MANY) },
    count_or_none = { form = "a whole number from 0 on", keep = whole(0, MANY) },
    window = { form = "a whole number from 1 to 1024", keep = whole(1, 1024) },
    percent = { form = "a whole number from 1 to 100", keep = whole(1, 100) },
    duration = { form = 'a duration such as "90s", "15m", "6h", "7d" or "1d12h"', keep = duration },
}

-- A kind of the file's own: `form` is what people read, `keep` answers the value or nil (and, better, why not).
function sheet.kind(form, keep)
    return { form = form, keep = keep }
end

local function keep_value(what, name, value, kind)
    kind = kinds[kind] or kind
    local kept, why = kind.keep(value)
    if kept == nil and type(value) == "table" and next(value) == nil then
        fail("%s: %s must not be empty: %s", what, name, why or kind.form)
    elseif kept == nil then
        local found = type(value) == "table" and "this table" or show(value)
        fail("%s: %s must be %s, not %s", what, name, why or kind.form, found)
    end
    return kept
end
sheet.keep_value = keep_value

-- A value that turns out nil is missing from the table, and nothing but the text tells. `name` is what stands before
-- the table there.
local function check_whole(what, name, value)
    if type(value) == "table" and not host.is_whole(name, value) then
        fail("%s: a value in its table is nil, or is given twice; is a name misspelt?", what)
    end
end

-- What `given` says, checked against `shape`, where an option is NAME = { KIND, to = "its name in the JSON",
-- required = "what to write when it is missing" } or NAME = { later = "not supported yet, and what to do" }, or
-- NAME = { never = "why nobody says it" }. `word` is what stands before it in the file.
function sheet.read(what, given, shape, word)
    if type(given) ~= "table" then
        fail("%s takes a table of options, not %s", what, show(given))
    end
    check_whole(what, word or what, given)
    local kept = {}
    for name, value in pairs(given) do
        if type(name) ~= "string" then
            fail("%s takes NAME = VALUE, not %s alone", what, show(value))
        end
        local option = shape[name]
        if option == nil then
            fail('%s has no option "%s"%s', what, name, meant(name, shape))
        end
        if option.later then
            fail("%s: %s is not supported yet: %s", what, name, option.later)
        elseif option.never then
            fail("%s: %s cannot be given: %s", what, name, option.never)
        end
        check_whole(what .. ": " .. name, name, value)
        kept[option.to or name] = keep_value(what, name, value, option[1])
    end
    for name, option in pairs(shape) do
        if option.required and given[name] == nil then
            fail("%s: %s is missing: %s", what, name, option.required)
        end
    end
    return kept
end

-- A copy of plain data: strings, numbers, booleans, and tables of these that are either lists or keyed by strings.
local function plain(what, value, depth)
    local kind = type(value)
    if kind == "boolean" then
        return value
    elseif kind == "string" then
        if not host.is_utf8(value) then
            fail("%s is not UTF-8 text", what)
        end
        return value
    elseif kind == "number" then
        if value ~= value or value == math.huge or value == -math.huge then
            fail("%s is not a number that can be written down", what)
        end
        return value
    elseif kind ~= "table" then
        fail("%s is a %s: values are strings, numbers, true, false and tables of these", what, kind)
    elseif next(value) == nil then
        fail("%s is an empty table, which says nothing: leave it out", what)
    elseif depth == DEEPEST then
        fail("%s lies more than %d tables deep", what, DEEPEST)
    end
    local is_list = value[1] ~= nil
    local copy = is_list and array() or {}
    for key, item in pairs(value) do
        if is_list and not (math.type(key) == "integer" and key >= 1 and key <= #value) then
            fail("%s mixes a list with the key %s", what, show(key))
        elseif not is_list and type(key) ~= "string" then
            fail("%s has %s for a key: keys are strings, lists begin at 1", what, show(key))
        end
        local place = is_list and string.format("%s[%d]", what, key) or string.format("%s.%s", what, key)
        copy[key] = plain(place, item, depth + 1)
    end
    return copy
end

---------------------------------------------------------------------------------------------------
-- Words.

local ONLY = {
    account = { "text_or_texts" },
    cloud = { "text_or_texts" },
    region = { "text_or_texts" },
}

-- What stands beside the parameters, and is none.
local apart = {
    only = function(what, value)
        return sheet.read(what .. ": only", value, ONLY, "only")
    end,
    mode = function(what, value)
        if value ~= "observe" then
            fail('%s: mode must be "observe", or left out, not %s', what, show(value))
        end
        return value
    end,
    name = function(what, value)
        return keep_value(what, "name", value, "text")
    end,
}

local function policy_settings(what, given)
    if type(given) ~= "table" then
        fail('%s takes a table of parameters, %s { after = "6h" }, not %s', what, what, show(given))
    end
    check_whole(what, "policy", given)
    local settings = { params = {} }
    for name, value in pairs(given) do
        if type(name) ~= "string" then
            fail("%s takes NAME = VALUE, not %s alone", what, show(value))
        elseif apart[name] then
            settings[name] = apart[name](what, value)
        else
            check_whole(what .. ": " .. name, name, value)
            settings.params[name] = plain(string.format("%s: %s", what, name), value, 0)
        end
    end
    return settings
end

-- The word `policy "FILE" { PARAMETERS }`, which adds {line, path, settings} to `policies`.
function sheet.policy_word(policies)
    return function(path, extra)
        if not is_text(path) then
            fail('policy takes the path of a file, policy "policies/stale.lua", not %s', show(path))
        end
        local what = string.format('policy "%s"', path)
        if extra ~= nil then
            fail('%s takes its parameters without a comma: %s { after = "6h" }', what, what)
        end
        local entry = { line = host.line(), path = path, settings = { params = {} } }
        policies[#policies + 1] = entry
        local is_told = false
        local function tell(given)
            if is_told then
                fail("%s takes one table of parameters, not two", what)
            end
            is_told = true
            entry.settings = policy_settings(what, given)
            return tell
        end
        return tell
    end
end

-- What the file, called `kind`, sees: `words` are called, `settings` (NAME = { KIND }) are assigned once and land in
-- `kept`.
function sheet.environment(kind, words, settings, kept)
    local line_of = {}
    local function unknown(name)
        local absent = type(name) == "string" and host.absent(name)
        if absent then
            fail('unknown word "%s": %s', name, absent)
        elseif type(name) == "string" and host.begins_policy(name) then
            fail('%s belongs in policies: this is a policy, not a %s; a %s names it, policy "FILE"', name, kind, kind)
        end
        fail('unknown word "%s"%s', tostring(name), meant(tostring(name), words, settings))
    end
    local function get(_, name)
        if settings[name] and kept[name] ~= nil then
            return kept[name]
        elseif settings[name] then
            return function(value)
                fail("%s is a setting, not a word: write %s = %s", name, name, show(value))
            end
        end
        local value = words[name]
        if value == nil then
            value = host.globals[name]
        end
        if value == nil then
            unknown(name)
        end
        return value
    end
    local function set(_, name, value)
        if words[name] then
            fail("%s is a word, nothing is assigned to it: write %s without the =", name, name)
        elseif host.globals[name] ~= nil then
            fail("%s belongs to Lua: a value of your own is local, local my_%s = ...", name, name)
        elseif settings[name] == nil then
            local word = tostring(name)
            fail('unknown setting "%s"%s (a value of your own is local)', word, meant(word, settings))
        elseif line_of[name] then
            fail("%s was already set in line %d", name, line_of[name])
        end
        line_of[name] = host.line()
        kept[name] = keep_value("the configuration", name, value, settings[name][1])
    end
    return setmetatable({}, { __index = get, __newindex = set, __metatable = false })
end

return sheet
