-- table.lua RUNS RESULTS - the runs of sweep.sh as a table, and its goals. A run is
-- "CLIENT REJECTED SECONDS WALL_MS CPU_MS PEAK_KIB".

package.path = arg[0]:match("^(.*)sweep/") .. "?.lua;" .. package.path
local results = require "results"

local titles = {
    { "spurn", "spurn apply, window 64" },
    { "multi", "a bare loop over libcurl, unsigned, window 64" },
    { "boto1", "boto3, one after the other" },
    { "boto16", "boto3, 16 threads" },
    { "js", "AWS SDK for JavaScript, 64 at a time" },
    { "spurnSlow", "spurn apply, replies after 20 ms, window 256" },
    { "multiSlow", "a bare loop, replies after 20 ms, window 256" },
}

local runs = {}
for line in io.lines(arg[1]) do
    local client, rejected, seconds, wall_ms, cpu_ms, peak_kib =
        line:match("^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
    assert(client, "a run without a result: " .. line)
    runs[client] = runs[client] or { rate = {}, whole = {}, us = {}, mib = {} }
    table.insert(runs[client].rate, rejected / seconds)
    table.insert(runs[client].whole, rejected / (wall_ms / 1000))
    table.insert(runs[client].us, cpu_ms * 1000 / rejected)
    table.insert(runs[client].mib, peak_kib / 1024)
end

results.open(arg[2])
print(string.format("%-50s %12s %12s %10s %10s", "", "rejects/s", "whole run/s", "CPU us", "peak MiB"))
local rate, whole = {}, {}
for _, row in ipairs(titles) do
    local client, title = row[1], row[2]
    local run = assert(runs[client], "no run of " .. client)
    rate[client], whole[client] = results.median(run.rate), results.median(run.whole)
    local us, mib = results.median(run.us), results.median(run.mib)
    print(string.format("%-50s %12.0f %12.0f %10.1f %10.1f", title, rate[client], whole[client], us, mib))
    results.put("sweep", title, rate[client], "rejects/s")
    results.put("sweep", title .. ", the whole run", whole[client], "rejects/s")
    results.put("sweep", title .. ", CPU", us, "us a rejection")
    results.put("sweep", title .. ", peak memory", mib, "MiB")
end

results.goal("sweep", "rejects a second beside boto3's best", rate.spurn / math.max(rate.boto1, rate.boto16), ">=", 15)
results.goal("sweep", "rejects a second beside the bare loop's", rate.spurn / rate.multi, ">=", 0.5)
local slow = rate.spurnSlow / (256 / 0.02)
results.goal("sweep", "replies after 20 ms: rejects a second beside window / delay", slow, ">=", 0.9)
results.close()
