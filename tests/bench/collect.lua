-- collect.lua RESULTS JSON - what all benches found, as one JSON file; prints how many goals were reached, and which
-- were not.

local values, goals, short = {}, {}, {}
for line in io.lines(arg[1]) do
    if line:find('"goal":', 1, true) then
        goals[#goals + 1] = line
        short[#short + 1] = line:match('"holds":false') and line:match('"goal":"(.-)"') or nil
    else
        values[#values + 1] = line
    end
end

local function first_line(command)
    local pipe = io.popen(command .. " 2>/dev/null")
    local line = pipe and pipe:read("l") or ""
    if pipe then
        pipe:close()
    end
    return (line:gsub('[%c"\\]', ""))
end

local file = assert(io.open(arg[2], "w"))
local form = '{"schema":1,"at":"%s","system":"%s","cores":%d,\n"results":[\n%s],\n"goals":[\n%s]}\n'
local at, cores = os.date("!%Y-%m-%dT%H:%M:%SZ"), tonumber(first_line("nproc")) or 0
local system, all, wanted = first_line("uname -srm"), table.concat(values, ",\n"), table.concat(goals, ",\n")
assert(file:write(form:format(at, system, cores, all, wanted)))
assert(file:close())

print(string.format("%d of %d goals reached; all results are in %s", #goals - #short, #goals, arg[2]))
for _, goal in ipairs(short) do
    print("short of the goal: " .. goal)
end
