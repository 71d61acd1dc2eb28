-- table.lua RUNS INSTRUCTIONS RESULTS - the runs of policy.sh as a table, and its goals. Fails when two engines
-- disagree.

package.path = arg[0]:match("^(.*)policy/") .. "?.lua;" .. package.path
local results = require "results"

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

local ns = {}
for engine, values in pairs(runs) do
    ns[engine] = results.median(values)
end

print(string.format("%-50s %10s %14s %12s %12s", "engine", "ns each", "instructions", "/ conditions", "/ function"))
results.open(arg[3])
for _, row in ipairs(titles) do
    local engine, title = row[1], row[2]
    local form = "%-50s %10.1f %14s %12.2f %12.2f"
    local said = instructions[engine] and string.format("%d", instructions[engine]) or "-"
    print(string.format(form, title, ns[engine], said, ns[engine] / ns.conditions, ns[engine] / ns["function"]))
    results.put("policy", title, ns[engine], "ns a decision")
    if instructions[engine] then
        results.put("policy", title .. ", instructions", instructions[engine], "a decision")
    end
end

-- What is asked of it: at most, or at least.
local ratios = {
    { "conditions beside C by hand", ns.conditions / ns.hand, "<=", 3 },
    { "conditions beside plain JavaScript, times faster", ns.v8 / ns.conditions, ">=", 1 },
    { "a function beside itself without hook and cap", ns["function"] / ns.bare, "<=", 1.15 },
    { "a function beside cedar-wasm, times faster", ns.cedar / ns["function"], ">=", 100 },
    { "a function beside casbin, times faster", ns.casbin / ns["function"], ">=", 20 },
    { "a function beside json-rules-engine, times faster", ns.jsonRules / ns["function"], ">=", 60 },
}
for _, row in ipairs(ratios) do
    results.goal("policy", table.unpack(row))
end
results.close()
