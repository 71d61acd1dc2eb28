-- policy.lua - the words that make rules and parameters; C makes the conditions.
--
-- Given: host (what C does for rules), words (the table that becomes the policy's vocabulary), settings (what the
-- configuration said about this policy: params, only, mode, name). Returns a function to call once the policy has run.

local host, words, settings = ...

local options = { "unless", "mode", "reason", "ends" }
local modes = { "observe" }

local function did_you_mean(word, candidates)
    local nearest = host.nearest(word, candidates)
    if nearest then
        return string.format('; did you mean "%s"?', nearest)
    end
    return #candidates > 0 and "; there is " .. table.concat(candidates, ", ") or "; there is none"
end

local function kind_of(value)
    local meta = type(value) ~= "string" and getmetatable(value)
    return meta and rawget(meta, "__kind") or type(value)
end

-- A table that policies hold: what it is called in errors, and what each operator answers.
local function closed(kind, events)
    for event, refusal in pairs(host.refusals) do
        events[event] = events[event] or refusal
    end
    events.__kind = kind
    events.__len = function()
        refuse(string.format("cannot take the length of the %s", kind))
    end
    return setmetatable({}, events)
end

-- ---- rules ----

local function check_string(word, option, value, example)
    if value ~= nil and kind_of(value) ~= "string" then
        refuse(string.format('%s: %s is a string, such as "%s"', word, option, example))
    end
end

local function check_options(word, given)
    for key in pairs(given) do
        if type(key) == "string" then
            local known = false
            for _, option in ipairs(options) do
                known = known or option == key
            end
            if key == "observe" or key == "dry_run" then
                refuse(string.format('%s has no option "%s"; write mode = "observe"', word, key))
            elseif key == "condition" or key == "when" or key == "if" then
                refuse(string.format('%s has no option "%s"; the condition stands there by itself', word, key))
            elseif not known and host.makes_condition(key) then
                local value = kind_of(given[key]) == "string" and string.format('"%s"', given[key]) or "(...)"
                local form = "%s: %s is a condition, which is a call and not an option; write %s %s without the ="
                refuse(string.format(form, word, key, key, value))
            elseif not known then
                refuse(string.format('%s has no option "%s"%s', word, key, did_you_mean(key, options)))
            end
        elseif type(key) ~= "number" then
            refuse(string.format("%s: options are named unless, mode, reason, ends", word))
        end
    end
    check_string(word, "reason", given.reason, "{sender} is not on the list")
    check_string(word, "ends", given.ends, "2027-01-31")
    check_string(word, "mode", given.mode, "observe")
    if given.mode ~= nil and given.mode ~= "observe" then
        local form = '%s has no mode "%s"; write mode = "observe", or leave it out to reject'
        refuse(string.format(form, word, given.mode))
    end
    if given.mode ~= nil and word == "keep" then
        refuse("keep has no mode: a keep rule that only observed would protect nothing")
    end
end

-- The one condition among options; every other positional value is one too many.
local function condition_among(word, given)
    local condition = given[1]
    if condition == nil then
        refuse(string.format("%s has no condition: %s NAME { CONDITION, reason = ... }", word, word))
    end
    for key in pairs(given) do
        if type(key) == "number" and key ~= 1 then
            refuse(string.format("%s has more than one condition; join them with & or |", word))
        end
    end
    return condition
end

local function finish_rule(word, number, given)
    local condition = given
    if kind_of(given) == "table" then
        check_options(word, given)
        host.check_table(word, given)
        condition = condition_among(word, given)
    else
        given = {}
    end
    local observes = word == "reject" and (given.mode == "observe" or settings.mode == "observe")
    host.set_rule(number, word, condition, given.unless, observes, given.reason, given.ends)
end

local function rule_word(word)
    return function(name, ...)
        if kind_of(name) ~= "string" then
            refuse(string.format('%s needs a name: %s "why" (CONDITION)', word, word))
        end
        if select("#", ...) > 0 then
            refuse(string.format('%s takes its condition in parentheses of its own: %s "why" (CONDITION)', word, word))
        end
        local number = host.add_rule(word, name)
        local is_finished = false
        return closed("rule", {
            __index = function()
                refuse(string.format('%s takes its condition in parentheses: %s "why" (CONDITION)', word, word))
            end,
            __call = function(rule, ...)
                if is_finished and kind_of((...)) == "table" then
                    refuse(string.format("%s has condition and options in one pair of braces: "
                        .. "%s NAME { CONDITION, reason = ... }", word, word))
                end
                if is_finished then
                    refuse(string.format("%s has more than one condition; join them with & or |", word))
                end
                if select("#", ...) == 0 then
                    refuse(string.format('%s has no condition: %s NAME (CONDITION)', word, word))
                end
                if select("#", ...) ~= 1 then
                    refuse(string.format("%s takes one condition; join several with & or |", word))
                end
                is_finished = true
                finish_rule(word, number, (...))
                return rule
            end,
        })
    end
end

words.keep = rule_word("keep")
words.reject = rule_word("reject")

-- ---- parameters ----

local given_params = settings.params or {}
local has_params = false

function words.required(what)
    if kind_of(what) ~= "string" or what == "" then
        refuse('required says what the parameter is: required "our own account ids"')
    end
    return closed("parameter without a default", { __what = what })
end

-- What the configuration's `policy FILE { ... }` takes beside the parameters.
local taken = { only = true, mode = true, name = true }

local function check_param_name(name)
    if type(name) ~= "string" or not string.find(name, "^[%a_][%w_]*$") then
        refuse('params takes names and defaults: params { after = "6h" }')
    end
    if taken[name] then
        local form = "params: %s is what the configuration says of the policy itself, and never sets a parameter; "
            .. "give the parameter another name"
        refuse(string.format(form, name))
    end
end

-- What was given and is no parameter, but looks like this one.
local function misspelt(name, defaults)
    for word in pairs(given_params) do
        if defaults[word] == nil and host.nearest(word, { name }) then
            return string.format('; "%s" is set, did you mean "%s"?', word, name)
        end
    end
    return ""
end

local function value_of(name, default, defaults)
    local given, kind = given_params[name], kind_of(default)
    if kind == "parameter without a default" then
        if given == nil then
            local what = getmetatable(default).__what .. misspelt(name, defaults)
            host.refuse_at_setting(string.format('parameter "%s" is not set: %s', name, what))
        end
        return given
    end
    if kind ~= "string" and kind ~= "number" and kind ~= "boolean" and kind ~= "table" then
        local form = 'parameter "%s": a default is a string, a number, true, false or a table, not a %s'
        refuse(string.format(form, name, kind))
    end
    if given == nil then
        return default
    end
    if type(given) ~= kind then
        host.refuse_at_setting(string.format('parameter "%s" is a %s, not a %s', name, kind, type(given)))
    end
    return given
end

local function check_given(names)
    local known = {}
    for _, name in ipairs(names) do
        known[name] = true
    end
    for name in pairs(given_params) do
        if not known[name] then
            local hint = #names > 0 and did_you_mean(name, names) or "; it has none"
            host.refuse_at_setting(string.format('policy "%s" has no parameter "%s"%s', host.file, name, hint))
        end
    end
end

function words.params(defaults, ...)
    if kind_of(defaults) ~= "table" or select("#", ...) > 0 then
        refuse('params takes a table: params { after = "6h" }')
    end
    host.check_table("params", defaults)
    if has_params then
        refuse("params may be written once only")
    end
    has_params = true
    local values, names = {}, {}
    for name, default in pairs(defaults) do
        check_param_name(name)
        names[#names + 1] = name
        values[name] = value_of(name, default, defaults)
    end
    check_given(names)
    return closed("parameters", {
        __index = function(_, name)
            local value = values[name]
            if value == nil then
                name = tostring(name)
                refuse(string.format('there is no parameter "%s"%s', name, did_you_mean(name, names)))
            end
            return value
        end,
        __newindex = function()
            refuse("parameters cannot be changed; the configuration sets them")
        end,
    })
end

-- ---- what the configuration said besides ----

local function check_settings()
    local known = { params = "table", only = "table", mode = "string", name = "string" }
    for key, value in pairs(settings) do
        if type(value) ~= known[key] then
            refuse(string.format('a policy has no setting "%s" that is a %s', key, type(value)))
        end
    end
    if settings.mode ~= nil and settings.mode ~= "observe" then
        refuse(string.format('a policy has no mode "%s"%s', settings.mode, did_you_mean(settings.mode, modes)))
    end
end

local function read_only_for(only)
    local places = { "account", "cloud", "region" }
    local conditions = {}
    if next(only) == nil then
        refuse("only names no account, cloud or region; leave it out to ask about everything")
    end
    for place, value in pairs(only) do
        if type(place) ~= "string" or not ({ account = true, cloud = true, region = true })[place] then
            refuse(string.format('only has no "%s"%s', tostring(place), did_you_mean(tostring(place), places)))
        end
        conditions[#conditions + 1] = words[place](value)
    end
    host.set_only(words.all(conditions))
end

check_settings()
if settings.only then
    read_only_for(settings.only)
end

return function()
    if not has_params then
        check_given({})
    end
end
