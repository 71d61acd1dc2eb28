-- table.lua RUNS RESULTS - the runs of plan.sh as a table, and its goal. A run is
-- "ENGINE WALL_MS CPU_MS PEAK_KIB REJECTED DECIDED".

package.path = arg[0]:match("^(.*)plan/") .. "?.lua;" .. package.path
local results = require "results"

local runs, answer = { spurn = { ms = {}, us = {}, mib = {} }, python = { ms = {}, us = {}, mib = {} } }, nil
for line in io.lines(arg[1]) do
    local engine, wall_ms, cpu_ms, peak_kib, said = line:match("^(%S+) (%S+) (%S+) (%S+) (%d+ %d+)$")
    assert(engine, "a run without a result: " .. line)
    assert(answer == nil or answer == said, "the two disagree: " .. engine .. " says " .. said)
    answer = said
    table.insert(runs[engine].ms, tonumber(wall_ms))
    table.insert(runs[engine].us, cpu_ms * 1000 / said:match("%d+$"))
    table.insert(runs[engine].mib, peak_kib / 1024)
end

local ratio = {}
for i, ms in ipairs(runs.spurn.ms) do
    ratio[i] = runs.python.ms[i] / ms
end

results.open(arg[2])
local rejected, decided = answer:match("^(%d+) (%d+)$")
local head = "%-30s %10s %14s %12s %10s   (%s of %s rejected)"
print(head:format("", "ms", "invitations/s", "CPU us each", "peak MiB", rejected, decided))
for _, row in ipairs({ { "spurn", "spurn plan" }, { "python", "Python by hand" } }) do
    local run, title = runs[row[1]], row[2]
    local ms, us, mib = results.median(run.ms), results.median(run.us), results.median(run.mib)
    print(string.format("%-30s %10.0f %14.0f %12.2f %10.1f", title, ms, decided / ms * 1000, us, mib))
    results.put("plan", title, ms, "ms")
    results.put("plan", title .. ", CPU", us, "us an invitation")
    results.put("plan", title .. ", peak memory", mib, "MiB")
end
results.goal("plan", "a plan beside Python by hand", results.median(ratio), ">=", 2.5)
results.close()
