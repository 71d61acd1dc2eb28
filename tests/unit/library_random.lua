-- library_random.lua - our bounded functions beside Lua's own, on random arguments: same results, or errors from both.
--
-- Called as chunk(ours, seed, cases); returns how many calls were compared and how many of them were errors. An error
-- says which call differed.
local ours, seed, cases = ...
local theirs = { string = string, table = table, math = math, utf8 = utf8, tonumber = tonumber, select = select }

math.randomseed(seed)
local random = math.random

local function pick(list) return list[random(#list)] end

-- ---- arguments ----

local letters = {
    "a", "b", "z", "A", "1", "7", "0", " ", ".", "-", "x", "e", "\0", "é", "€", "😀", "\xff", "\x80", "\xc3", "%",
}
local numbers = {
    0, 1, 2, 3, -1, -2, 7, 255, 256, 0x10FFFF, 0x7FFFFFFF, -0.0, 0.5, 1e300, math.huge, math.maxinteger,
    math.mininteger, "3", "0x10", "1e1",
}
local formats = {
    "%d", "%5d", "%-5s|", "%s%%", "%q", "%5.2f", "%g", "%x", "%X", "%c", "%i", "%a", "%5.1s", "%", "%y", "%99999d",
    "%e",
}

local function text()
    local out = {}
    for i = 1, random(0, 8) do out[i] = pick(letters) end
    return table.concat(out)
end

local function near() return random(20) == 1 and pick { 0.5, "3", "x", 1.0 } or random(-4, 10) end
local function small() return random(20) == 1 and pick(numbers) or random(-4, 10) end
local function number() return pick(numbers) end
local function code() return random(15) == 1 and pick(numbers) or random(0, 0x2FFF) end
local function lax() return random(2) == 1 end
local function format() return pick(formats) end
local function item() return random(12) == 1 and pick(numbers) or text() end
local function list()
    local out = {}
    for i = 1, random(0, 6) do out[i] = item() end
    return out
end
local function numbers_only()
    local out = {}
    for i = 1, random(0, 12) do out[i] = random(-5, 5) + (random(2) == 1 and 0.5 or 0) end
    return out
end
local function texts_only()
    local out = {}
    for i = 1, random(0, 12) do out[i] = text() end
    return out
end
local function order() return random(3) > 1 and function(a, b) return a > b end or nil end

-- Library, function, how to make its arguments; what follows `may` is left out at times.
local may = "may"
local calls = {
    { "string", "byte", text, may, small, may, small }, { "string", "char", may, small, may, small, may, small },
    { "string", "len", text }, { "string", "lower", text }, { "string", "upper", text },
    { "string", "reverse", text },
    { "string", "sub", text, small, may, small }, { "string", "rep", text, near, may, text },
    { "string", "format", format, may, item }, { "string", "format", format, number },
    { "utf8", "len", text, may, small, may, small, may, lax },
    { "utf8", "codepoint", text, may, small, may, small, may, lax },
    { "utf8", "offset", text, small, may, small }, { "utf8", "char", may, code, may, code, may, code },
    { "table", "concat", list, may, text, may, near, may, near },
    { "table", "unpack", list, may, near, may, near },
    { "table", "insert", list, item }, { "table", "insert", list, small, item },
    { "table", "remove", list, may, small },
    { "table", "move", list, near, near, near }, { "table", "pack", may, item, may, item },
    { "table", "sort", numbers_only, may, order }, { "table", "sort", texts_only, may, order },
    { "math", "fmod", number, number }, { "math", "max", number, may, number }, { "math", "floor", number },
    { "math", "tointeger", number }, { "math", "ult", number, number }, { "math", "abs", number },
    { nil, "tonumber", item, may, small }, { nil, "select", small, item, may, item, may, item },
}

-- ---- comparing ----

local function copy(value)
    if type(value) ~= "table" then return value end
    local out = {}
    for k, v in pairs(value) do out[k] = v end
    return out
end

local function show(value)
    if type(value) ~= "table" then return type(value) == "string" and ("%q"):format(value) or tostring(value) end
    local out = {}
    for k, v in pairs(value) do out[#out + 1] = tostring(k) .. "=" .. show(v) end
    table.sort(out)
    return "{" .. table.concat(out, " ") .. "}"
end

local function differ(a, b)
    return show(a) ~= show(b) or math.type(a) ~= math.type(b)
end

local function arguments_of(call)
    local out, count, is_optional = {}, 0, false
    for i = 3, #call do
        if call[i] == may then
            is_optional = true
        else
            if is_optional and random(2) == 1 then break end
            is_optional = false
            count = count + 1
            out[count] = call[i]()
        end
    end
    return out, count
end

local function find(libraries, call)
    local from = call[1] and libraries[call[1]] or libraries
    return from[call[2]]
end

-- What a call gives, then what became of the tables it was given; false for an error.
local function outcome(f, arguments, count)
    local given = {}
    for i = 1, count do given[i] = copy(arguments[i]) end
    local results = table.pack(pcall(f, table.unpack(given, 1, count)))
    if not results[1] then return { false } end
    results[results.n + 1] = given
    return results
end

local errors = 0
for i = 1, cases do
    local call = calls[i % #calls + 1]
    local arguments, count = arguments_of(call)
    local a, b = outcome(find(ours, call), arguments, count), outcome(find(theirs, call), arguments, count)
    local same = #a == #b
    for k = 1, math.max(#a, #b) do
        same = same and not differ(a[k], b[k])
    end
    if not same then
        error(("%s.%s%s: ours %s, Lua's %s (seed %d, case %d)"):format(call[1] or "_G", call[2], show(arguments),
            show(a), show(b), seed, i))
    end
    errors = errors + (a[1] == false and 1 or 0)
end

-- ---- utf8.codes, step by step ----

local function walk(codes, s, is_lax)
    local out = {}
    local ok = pcall(function()
        for at, point in codes(s, is_lax) do out[#out + 1] = at .. ":" .. point end
    end)
    out[#out + 1] = tostring(ok)
    return table.concat(out, " ")
end

for i = 1, cases // 10 do
    local s, is_lax = text(), lax()
    local a, b = walk(ours.utf8.codes, s, is_lax), walk(utf8.codes, s, is_lax)
    if a ~= b then
        error(("utf8.codes(%q): ours %s, Lua's %s (seed %d, case %d)"):format(s, a, b, seed, i))
    end
end
assert(ours.utf8.charpattern == utf8.charpattern)

return cases + cases // 10, errors
