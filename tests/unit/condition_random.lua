-- condition_random.lua - random conditions and invitations; a plain interpretation beside what the host answers.
--
-- Called as chunk(host, seed, pairs); returns the number of pairs and how often each answer came. An error says which
-- seed, condition and invitation.
local host, seed, wanted = ...

local F, T, U, P = 0, 1, 2, 3 -- false, true, unknown, pending
local truth_names = { [F] = "false", [T] = "true", [U] = "unknown", [P] = "pending" }
local NODES, INVITATIONS = 24, 40 -- of one policy
local NOW = 1800000000
local FUNCTIONS = 4

math.randomseed(seed)
local random = math.random

local function pick(list) return list[random(#list)] end
local function chance(percent) return random(100) <= percent end

local function text(letters, longest)
    local out = {}
    for i = 1, random(0, longest) do out[i] = pick(letters) end
    return table.concat(out)
end

-- ---- leaves: how to make one at random, and what it answers ----

local name_letters = { "a", "b", "A", "é", "-" }
local glob_letters = { "a", "b", "B", "é", "*", "*", "?" }
local ids = { "111111111111", "222222222222", "333333333333", "012345678901", "12345678901" }
local types = { "ec2:Subnet", "ec2:PrefixList", "ram:X", "route53resolver:Rule" }
local type_globs = { "ec2:*", "EC2:subnet", "ram:?", "*", "*:*t", "route53resolver:rule", "none:*" }

local function characters(s)
    local out = {}
    for _, code in utf8.codes(s) do out[#out + 1] = utf8.char(code) end
    return out
end

-- The definition of a glob, letter by letter.
local function like(glob, name)
    local g, n = characters(glob:lower()), characters(name:lower())
    local function from(i, j)
        if i > #g then return j > #n end
        if g[i] == "*" then return from(i + 1, j) or (j <= #n and from(i, j + 1)) end
        return j <= #n and (g[i] == "?" or g[i] == n[j]) and from(i + 1, j + 1)
    end
    return from(1, 1)
end

local function truth_of(value) return value and T or F end

local function some(values, matches)
    for _, value in ipairs(values) do
        if matches(value) then return true end
    end
    return false
end

-- Regular expressions beside the Lua patterns that mean the same.
local regexes = {
    { "ab", "ab" }, { "^a", "^a" }, { "b$", "b$" }, { "(?i)ab", "[aA][bB]" }, { "[ab]+-", "[ab]+%-" },
    { "^a*b*$", "^a*b*$" }, { "a.?b", "a[%z\1-\127\194-\244]?[\128-\191]*b" }, { "é", "é" }, { "^$", "^$" },
}

local calendars = {
    { "22:00-06:00", nil, nil }, { "09:00-17:30", "mon-fri", nil }, { nil, "sat sun", "+08:00" },
    { "23:30-24:00", "fri-mon", "-03:30" }, { "00:00-12:00", nil, "Z" },
}
local week = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" }

local function minutes(hours, minute) return tonumber(hours) * 60 + tonumber(minute) end

local function is_day(days, wday)
    if days == nil then return true end
    if not days:find("-", 1, true) then return days:find(week[wday], 1, true) ~= nil end
    local first, last = days:match("(%a+)-(%a+)")
    local inside, found = false, false
    for turn = 0, 13 do
        local day = week[turn % 7 + 1]
        if day == first then inside = true end
        if inside and day == week[wday] then found = true end
        if day == last then inside = false end
    end
    return found
end

local function in_calendar(calendar, created_ms)
    local hours, days, zone = calendar[1], calendar[2], calendar[3]
    local sign, zone_h, zone_m = (zone or "+00:00"):match("([+-])(%d+):(%d+)")
    local east = zone_h and minutes(zone_h, zone_m) * (sign == "-" and -1 or 1) or 0
    local at = os.date("!*t", created_ms // 1000 + east * 60)
    if not is_day(days, at.wday) then return false end
    if hours == nil then return true end
    local a, b, c, d = hours:match("(%d+):(%d+)-(%d+):(%d+)")
    local from, to, now = minutes(a, b), minutes(c, d), at.hour * 60 + at.min
    if from < to then return from <= now and now < to end
    return now >= from or now < to
end

local function age_of(inv)
    if not inv.has_age or not inv.created_ms or inv.created_ms > NOW * 1000 then return nil end
    return (NOW * 1000 - inv.created_ms) // 1000
end

-- Each kind: tier (0 facts, 1 regular expressions, 2 past, 3 functions, 4 resources), make() and ask(leaf, invitation).
local kinds = {
    always = {
        tier = 0,
        make = function() return {} end,
        add = function() return host.always() end,
        ask = function() return T end,
    },
    sender = {
        tier = 0,
        make = function() return { values = { pick(ids), pick(ids) }, list = chance(30) and { pick(ids) } or {} } end,
        add = function(leaf) return host.field("sender", false, leaf.values, leaf.list) end,
        ask = function(leaf, inv)
            local function same(id) return id == inv.sender end
            return inv.sender and truth_of(some(leaf.values, same) or some(leaf.list, same)) or U
        end,
    },
    name = {
        tier = 0,
        make = function()
            local leaf = { values = {}, list = {} }
            for i = 1, random(3) do leaf.values[i] = text(glob_letters, 5) end
            if chance(20) then leaf.list[1] = text(glob_letters, 3) end
            return leaf
        end,
        add = function(leaf) return host.field("name", true, leaf.values, leaf.list) end,
        ask = function(leaf, inv)
            local function same(glob) return like(glob, inv.name) end
            return inv.name and truth_of(some(leaf.values, same) or some(leaf.list, same)) or U
        end,
    },
    age = {
        tier = 0,
        make = function() return { older = chance(50), age = random(0, 5) } end,
        add = function(leaf) return host.age(leaf.older, leaf.age) end,
        ask = function(leaf, inv)
            local age = age_of(inv)
            return age and truth_of((age >= leaf.age) == leaf.older) or U
        end,
    },
    created_at = {
        tier = 0,
        make = function() return { calendar = pick(calendars) } end,
        add = function(leaf) return host.created_at(leaf.calendar[1], leaf.calendar[2], leaf.calendar[3]) end,
        ask = function(leaf, inv)
            return inv.created_ms and truth_of(in_calendar(leaf.calendar, inv.created_ms)) or U
        end,
    },
    regex = {
        tier = 1,
        make = function() return { pair = pick(regexes) } end,
        add = function(leaf) return host.regex("name", leaf.pair[1]) end,
        ask = function(leaf, inv) return inv.name and truth_of(inv.name:find(leaf.pair[2]) ~= nil) or U end,
    },
    past = {
        tier = 2,
        make = function() return { event = pick { "seen", "rejected" }, times = random(3), within = random(8) } end,
        add = function(leaf) return host.past(leaf.event == "seen", leaf.times, leaf.within) end,
        ask = function(leaf, inv)
            if not inv.sender or not inv.past then return U end
            local count = 0
            for _, ago in ipairs(inv.past[leaf.event]) do
                if ago <= leaf.within then count = count + 1 end
            end
            if count >= leaf.times then return T end
            return inv.past.age >= leaf.within and F or U
        end,
    },
    ["function"] = {
        tier = 3,
        make = function() return { number = random(0, FUNCTIONS - 1) } end,
        add = function(leaf) return host["function"](leaf.number) end,
        ask = function(leaf, inv) return inv.answers[leaf.number + 1] end,
    },
    resources = {
        tier = 4,
        make = function() return { every = chance(50), values = { pick(type_globs), pick(type_globs) } } end,
        add = function(leaf) return host.resources(leaf.every, leaf.values) end,
        ask = function(leaf, inv)
            if inv.resources == nil then return P end
            if inv.resources == "unknown" or #inv.resources == 0 then return U end
            local right, wrong, untold = 0, 0, 0
            for _, type in ipairs(inv.resources) do
                if type == "" then untold = untold + 1
                elseif some(leaf.values, function(glob) return like(glob, type) end) then right = right + 1
                else wrong = wrong + 1 end
            end
            if leaf.every then return wrong > 0 and F or untold > 0 and U or T end
            return right > 0 and T or untold > 0 and U or F
        end,
    },
}

local leaf_kinds = {
    "always", "sender", "sender", "name", "name", "age", "age", "created_at", "regex", "regex", "past", "past",
    "function", "function", "resources",
}

-- ---- conditions: leaves first, then groups of what there is; children may be shared ----

local function make_group(nodes)
    local kind = pick { "all", "all", "any", "any", "not" }
    local group = { kind = kind, children = {} }
    for i = 1, kind == "not" and 1 or random(4) do group.children[i] = random(#nodes) end
    return group
end

local function make_nodes()
    local nodes = {}
    for i = 1, NODES do
        if i <= NODES // 2 then
            local kind = pick(leaf_kinds)
            nodes[i] = kinds[kind].make()
            nodes[i].kind = kind
        else
            nodes[i] = make_group(nodes)
        end
    end
    return nodes
end

local function add_nodes(nodes)
    host.open()
    for _, node in ipairs(nodes) do
        if node.children then
            local children = {}
            for i, child in ipairs(node.children) do children[i] = nodes[child].condition end
            node.condition = host.group(node.kind, children)
        else
            node.condition = kinds[node.kind].add(node)
        end
    end
    host.finish()
end

-- ---- invitations ----

local function make_ages(longest)
    local out = {}
    for i = 1, random(0, 3) do out[i] = random(0, longest) end
    return out
end

local function make_invitation()
    local inv = { now = NOW, has_age = chance(80), answers = {} }
    if chance(80) then inv.sender = pick(ids) end
    if chance(80) then inv.name = text(name_letters, 5) end
    if chance(80) then
        local ago_ms = chance(50) and random(-1500, 6500) or random(0, 1000000000)
        inv.created_ms = NOW * 1000 - ago_ms
    end
    if chance(80) then
        inv.past = { age = random(0, 10), seen = make_ages(10), rejected = make_ages(10) }
    end
    if chance(30) then
        inv.resources = "unknown"
    elseif chance(60) then
        inv.resources = {}
        for i = 1, random(0, 3) do inv.resources[i] = chance(15) and "" or pick(types) end
    end
    local most = inv.resources == nil and P or U -- a function waits only for resources that nobody asked for
    for i = 1, FUNCTIONS do inv.answers[i] = random(F, most) end
    return inv
end

-- ---- a plain interpretation ----

local function join(children, truths, deciding, otherwise)
    local pending, unknown = false, false
    for _, child in ipairs(children) do
        local truth = truths[child]
        if truth == deciding then return deciding end
        pending = pending or truth == P
        unknown = unknown or truth == U
    end
    return pending and P or unknown and U or otherwise
end

-- What each node answers when everything up to `tier` is known.
local function interpret(nodes, inv, tier)
    local truths = {}
    for i, node in ipairs(nodes) do
        if node.kind == "all" then truths[i] = join(node.children, truths, F, T)
        elseif node.kind == "any" then truths[i] = join(node.children, truths, T, F)
        elseif node.kind == "not" then
            local truth = truths[node.children[1]]
            truths[i] = truth == T and F or truth == F and T or truth
        elseif kinds[node.kind].tier <= tier then
            truths[i] = kinds[node.kind].ask(node, inv)
        else
            truths[i] = P
        end
    end
    return truths
end

-- The leaves of a tier on which `root` still hangs before it.
local function asked_leaves(nodes, root, before, tier)
    local seen, asked = {}, {}
    local function visit(at)
        if seen[at] or before[at] ~= P then return end
        seen[at] = true
        local node = nodes[at]
        if not node.children then
            asked[at] = kinds[node.kind].tier == tier or nil
            return
        end
        for _, child in ipairs(node.children) do visit(child) end
    end
    visit(root)
    return asked
end

-- ---- side by side ----

local function show(value, nodes, at)
    if nodes then
        local node = nodes[at]
        if not node.children then return node.kind .. show(node) end
        local parts = {}
        for i, child in ipairs(node.children) do parts[i] = show(nil, nodes, child) end
        return node.kind .. "(" .. table.concat(parts, ", ") .. ")"
    end
    if type(value) ~= "table" then return tostring(value) end
    local keys, parts = {}, {}
    for key in pairs(value) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    for i, key in ipairs(keys) do parts[i] = tostring(key) .. "=" .. show(value[key]) end
    return "{" .. table.concat(parts, " ") .. "}"
end

local function expect(what, got, want, nodes, root, inv)
    if got ~= want then
        error(("seed %d: %s: got %s, want %s\n  condition %s\n  invitation %s"):format(
            seed, what, truth_names[got] or got, truth_names[want] or want, show(nil, nodes, root), show(inv)), 0)
    end
end

local counts = { [F] = 0, [T] = 0, [U] = 0, [P] = 0 }

local function compare(nodes, inv)
    local known = {}
    for tier = 0, 4 do known[tier] = interpret(nodes, inv, tier) end
    local past_asked = {} -- once an invitation, whichever condition asks
    host.invite(inv)
    for root, node in ipairs(nodes) do
        local facts, truth, functions, questions = host.ask(node.condition)
        expect("facts", facts, known[0][root], nodes, root, inv)
        expect("answer", truth, known[4][root], nodes, root, inv)
        local want_functions, want_questions = 0, 0
        for leaf in pairs(asked_leaves(nodes, root, known[2], 3)) do
            want_functions = want_functions | 1 << nodes[leaf].number
        end
        for leaf in pairs(asked_leaves(nodes, root, known[1], 2)) do
            if not past_asked[leaf] and inv.sender and inv.past then want_questions = want_questions + 1 end
            past_asked[leaf] = true
        end
        expect("functions asked", functions, want_functions, nodes, root, inv)
        expect("questions about the past", questions, want_questions, nodes, root, inv)
        counts[truth] = counts[truth] + 1
    end
end

local done = 0
while done < wanted do
    local nodes = make_nodes()
    add_nodes(nodes)
    for _ = 1, INVITATIONS do
        compare(nodes, make_invitation())
        done = done + NODES
    end
end
return done, counts[F], counts[T], counts[U], counts[P]
