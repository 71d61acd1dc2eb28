-- table.lua RUNS INSTRUCTIONS JSON - the runs of policy.sh as a table and as JSON. Fails when two engines disagree.

local titles = {
    { "hand", "C by hand: a hash set and one DFA" },
    { "conditions", "spurn, conditions" },
    { "function", "spurn, a plain Lua function for sender and age" },
    { "bare", "the same without count hook and memory cap" },
    { "v8", "plain JavaScript on V8: a Set and one RegExp" },
    { "casbin", "casbin (npm), a policy line a glob" },
    { "casbinHost", "casbin (npm), one expression, globs by the host" },
    { "jsonRules", "json-rules-engine (npm), a condition a glob" },
    { "jsonRulesHost", "json-rules-engine (npm), globs by the host" },
    { "cedar", "cedar-wasm (npm), policies parsed once" },
}

local function each_line(path, visit)
    for line in io.lines(path) do
        visit(line)
    end
end

local runs, answer = {}, nil
each_line(arg[1], function(line)
    local engine, nanoseconds, said = line:match("^(%S+) (%S+) (%S+ %S+)$")
    assert(engine, "a run without a result: " .. line)
    assert(answer == nil or answer == said, "the engines disagree: " .. engine .. " says " .. said)
    answer = said
    runs[engine] = runs[engine] or {}
    table.insert(runs[engine], tonumber(nanoseconds))
end)

local instructions = {}
each_line(arg[2], function(line)
    local engine, number = line:match("^(%S+) (%d+)$")
    instructions[engine] = tonumber(number)
end)

local function median(values)
    table.sort(values)
    return values[(#values + 1) // 2]
end

local ns = {}
for engine, values in pairs(runs) do
    ns[engine] = median(values)
end

print(string.format("%-50s %10s %14s %12s %12s", "engine", "ns each", "instructions", "/ conditions", "/ function"))
local objects = {}
for _, row in ipairs(titles) do
    local engine, title = row[1], row[2]
    local form = "%-50s %10.1f %14s %12.2f %12.2f"
    local said = instructions[engine] and string.format("%d", instructions[engine]) or "-"
    print(string.format(form, title, ns[engine], said, ns[engine] / ns.conditions, ns[engine] / ns["function"]))
    objects[#objects + 1] = string.format(
        '{"engine":"%s","ns":%.1f,"instructions":%s,"runs":%d}',
        engine, ns[engine], instructions[engine] or "null", #runs[engine]
    )
end

-- What is asked of it: at most, or at least.
local ratios = {
    { "conditions take at most 3 times C by hand", ns.conditions / ns.hand, "<=", 3 },
    { "conditions are faster than plain JavaScript", ns.v8 / ns.conditions, ">=", 1 },
    { "a function takes at most 1.15 times itself without hook and cap", ns["function"] / ns.bare, "<=", 1.15 },
    { "the slower of both is at least 100 times faster than cedar-wasm", ns.cedar / ns["function"], ">=", 100 },
    { "... at least 20 times faster than casbin", ns.casbin / ns["function"], ">=", 20 },
    { "... at least 60 times faster than json-rules-engine", ns.jsonRules / ns["function"], ">=", 60 },
}
local goals = {}
for _, row in ipairs(ratios) do
    local what, ratio, sign, bound = table.unpack(row)
    local holds = sign == "<=" and ratio <= bound or sign == ">=" and ratio >= bound
    print(string.format("%-4s %s: %.2f", holds and "ok" or "MISS", what, ratio))
    goals[#goals + 1] = string.format('{"goal":"%s","ratio":%.3f,"holds":%s}', what, ratio, holds)
end

local file = assert(io.open(arg[3], "w"))
local form = '{"schema":1,"bench":"policy","answers":"%s","engines":[%s],"goals":[%s]}\n'
assert(file:write(string.format(form, answer, table.concat(objects, ","), table.concat(goals, ","))))
assert(file:close())
