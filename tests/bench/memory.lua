-- memory.lua RUNS RESULTS - the two runs of memory.sh as a table, and its goals. A run is
-- "PENDING WALL_MS PEAK_KIB REJECTED SECONDS JOURNAL_LEN".

package.path = arg[0]:match("^(.*)memory%.lua$") .. "?.lua;" .. package.path
local results = require "results"

local peaks = {}
results.open(arg[2])
print(string.format("%-12s %10s %10s %12s %12s", "pending", "peak MB", "seconds", "rejects/s", "journal MB"))
for line in io.lines(arg[1]) do
    local pending, wall_ms, peak_kib, rejected, seconds, len =
        line:match("^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
    local mb = peak_kib * 1024 / 1e6
    peaks[#peaks + 1] = mb
    local form = "%-12s %10.2f %10.1f %12.0f %12.1f"
    print(form:format(pending, mb, wall_ms / 1000, rejected / seconds, len / 1e6))
    results.put("memory", "peak of a sweep over " .. pending, mb, "MB")
    results.put("memory", "the journal of a sweep over " .. pending, len / 1e6, "MB")
end
results.goal("memory", "peak of the large sweep in MB", peaks[2], "<=", 24)
results.goal("memory", "peak of the large sweep beside the small one's", peaks[2] / peaks[1], "<=", 1.05)
results.close()
