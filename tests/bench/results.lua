-- results.lua - results and goals of the timings in shell, printed and written as those in C are (bench.c).

local results = {}

local file

function results.open(path)
    file = assert(io.open(path, "a"))
end

local function append(form, ...)
    assert(file:write(string.format(form, ...), "\n"))
end

function results.put(bench, what, value, unit)
    append('{"bench":"%s","what":"%s","value":%.6g,"unit":"%s"}', bench, what, value, unit)
end

-- A goal that is missed is no failure: timings are reported.
function results.goal(bench, what, ratio, sign, bound)
    local holds = sign == ">=" and ratio >= bound or sign == "<=" and ratio <= bound
    print(string.format("%s %s: %.3g (%s %.3g)", holds and "ok" or "short of the goal:", what, ratio, sign, bound))
    local form = '{"bench":"%s","goal":"%s","ratio":%.6g,"sign":"%s","bound":%.6g,"holds":%s}'
    append(form, bench, what, ratio, sign, bound, holds)
end

function results.median(values)
    table.sort(values)
    return values[(#values + 1) // 2]
end

function results.close()
    assert(file:close())
end

return results
