-- spurn test: what it runs, how it tells, what it covers, and how an invitation of the journal becomes a test.
local program = require "program"
local test = program.test

local POLICY <const> = [[
keep "our own" (sender "111122223333")
reject "stale" (older "6h")
reject "odd" (name "tmp-*" & function(inv)
    if inv.created % 86400 < 6 * 3600 then
        return true
    end
    return false
end)
]]
local PASSES <const> = [[
policy "p.lua"
test "a stale one goes" { age = "7h", expect = "reject", rule = "stale" }
test "our own are kept" { sender = "111122223333", age = "7h", expect = "keep" }
]]
local FAILS <const> = [[
policy "p.lua"
test "a fresh one goes" { expect = "reject" }
]]

local function lines_of(text)
    local lines = {}
    for line in text:gmatch "([^\n]*)\n" do
        lines[#lines + 1] = line
    end
    return lines
end

-- ---- exit codes, and what a failure says ----

test "what passes ends with 0, what fails with 1, what cannot be loaded with 2, and the rest is run" (function(t)
    t:folder { ["p.lua"] = POLICY, ["pass_test.lua"] = PASSES }
    local well = t:spurn "test"
    t:ended(well, 0)
    t:equal(well.out, "ok    pass_test.lua  2\n2 passed, 0 failed\n")
    t:folder { ["fail_test.lua"] = FAILS }
    t:ended(t:spurn "test", 1)
    t:equal(lines_of(t:spurn("test").out)[1], "FAIL  fail_test.lua:2: a fresh one goes")
    t:folder { ["broken_test.lua"] = 'polcy "p.lua"\n' }
    local broken = t:spurn "test"
    t:ended(broken, 2)
    t:holds(broken.out, 'FAIL  broken_test.lua:1: unknown word "polcy"')
    t:holds(broken.out, "ok    pass_test.lua  2\n")
    t:holds(broken.out, "\n2 passed, 2 failed\n")
    t:ended(t:spurn "test pass_test.lua", 0)
    t:folder { ["p.lua"] = 'reject "x" (sendr "1")\n' }
    t:ended(t:spurn "test pass_test.lua", 2)
end)

test "a failure shows what came, what was wanted, and what the rules that matter looked at" (function(t)
    t:folder { ["p.lua"] = POLICY, ["p_test.lua"] = FAILS }
    local result = t:spurn "test"
    t:equal(result.out, [[
FAIL  p_test.lua:2: a fresh one goes
      got   none
      want  reject
      why   reject "stale", line 2: false
              older "6h": false (age = 1h)
            reject "odd", line 3: false
              all: false
                name "tmp-*": false (name = "example-share")
0 passed, 1 failed
]])
    local row = t:spurn("test --format json").json.files[1].tests[1]
    t:equal(row.why[1], 'reject "stale", line 2: false')
    t:equal(row.why[2], '  older "6h": false (age = 1h)')
end)

test "what a test was given cannot draw on the terminal" (function(t)
    t:folder { ["p.lua"] = 'reject "x" (name "a*")\n', ["p_test.lua"] =
        'policy "p.lua"\ntest "evil \\27[2J" { name = "\\27]0;x\\7\\n", expect = "reject" }\n' }
    local result = t:spurn "test"
    t:ended(result, 1)
    t:lacks(result.out, "\27")
    t:holds(result.out, [[evil \x1b[2J]])
end)

-- ---- some tests only ----

test "--run takes the tests whose names match, and none at all is a mistake" (function(t)
    t:folder { ["p.lua"] = POLICY, ["a_test.lua"] = PASSES, ["b_test.lua"] = FAILS }
    local function ran(pattern, code, text)
        local result = t:spurn("test --run " .. program.quote(pattern))
        t:ended(result, code)
        t:equal(result.out, text, "--run " .. pattern)
    end
    ran("stale", 0, "ok    a_test.lua  1\n1 passed, 0 failed\n")
    ran("OUR OWN *", 0, "ok    a_test.lua  1\n1 passed, 0 failed\n")
    ran("*goes", 1, t:spurn("test --run 'a *'").out)
    ran("our", 0, "ok    a_test.lua  1\n1 passed, 0 failed\n")
    for _, format in ipairs { "--format table", "--format json", "--tap" } do
        local none = t:spurn("test --run nobody " .. format)
        t:ended(none, 2, "cannot find tests: none has a name like nobody")
        t:equal(none.out, "")
    end
    t:equal(#t:spurn("test --format json --run stale").json.files, 1)
end)

-- ---- coverage ----

test "--coverage names what no test made true, made false, or ran" (function(t)
    t:folder { ["p.lua"] = POLICY, ["p_test.lua"] = PASSES }
    local result = t:spurn "test --coverage"
    t:ended(result, 0)
    t:equal(result.out, [[
ok    p_test.lua  2

Coverage
p.lua  rules 2 of 3 true, 2 of 3 false; lines 0 of 3
  line 2  reject "stale" never false
  line 3  reject "odd" never true
  lines 4-7  never ran
covered 44%, 4 of 9

2 passed, 0 failed
]])
    local coverage = t:spurn("test --coverage --format json").json.coverage
    t:equal(coverage.percent, 44)
    t:equal(coverage.covered, 4)
    t:equal(coverage.of, 9)
    t:equal(#coverage.parts, 6)
    t:equal(coverage.parts[2].rule, "stale")
    t:equal(coverage.parts[2].was_true, true)
    t:equal(coverage.parts[2].was_false, false)
    t:equal(coverage.parts[4].ran, false)
    t:equal(t:spurn("test --format json").json.coverage, nil)
end)

test "coverage is of all the test files together, by policy" (function(t)
    t:folder { ["p.lua"] = POLICY, ["p_test.lua"] = PASSES, ["more/p_test.lua"] = [[
policy "../p.lua"
test "a fresh one stays" { expect = "none" }
test "at night" { name = "tmp-1", now = "2026-01-15T03:00:00Z", expect = "reject", rule = "odd" }
test "by day" { name = "tmp-1", expect = "none" }
]], ["q.lua"] = 'reject "q" (name "q")\n', ["q_test.lua"] = 'policy "q.lua"\ntest "q" { expect = "none" }\n' }
    local both = t:spurn "test --coverage"
    t:ended(both, 0)
    t:holds(both.out, "\np.lua  rules 3 of 3 true, 3 of 3 false; lines 3 of 3\n" ..
        'q.lua  rules 0 of 1 true, 1 of 1 false\n  line 1  reject "q" never true\ncovered 90%, 10 of 11\n')
    t:holds(t:spurn("test --coverage more").out, "covered 77%, 7 of 9\n")
end)

test "--fail-under fails below its percentage, and not at it" (function(t)
    t:folder { ["p.lua"] = 'reject "a" (name "a")\nkeep "b" (name "b")\n', ["p_test.lua"] =
        'policy "p.lua"\ntest "a" { name = "a", expect = "reject" }\ntest "c" { expect = "none" }\n' }
    t:ended(t:spurn "test --fail-under 75", 0)
    local low = t:spurn "test --fail-under 76"
    t:ended(low, 1, "coverage is 75%, and --fail-under asks for 76%")
    t:holds(low.out, "covered 75%, 3 of 4; --fail-under asks for 76%\n")
    t:equal(lines_of(low.out)[#lines_of(low.out)], "2 passed, 0 failed")
    t:equal(t:spurn("test --fail-under 76 --format json").json.coverage.enough, false)
    t:equal(t:spurn("test --fail-under 0 --format json").json.coverage.enough, true)
    t:ended(t:spurn "test --fail-under 101", 2, "--fail-under is a percentage, 0 to 100")
    t:ended(t:spurn "test --fail-under most", 2, '--fail-under is "most"; it wants N')
end)

-- ---- TAP ----

test "--tap is TAP: a version, a plan, a subtest for each file, a line for each test" (function(t)
    t:folder { ["p.lua"] = POLICY, ["a_test.lua"] = PASSES .. 'test "no #todo here" { expect = "none" }\n',
        ["b_test.lua"] = FAILS, ["c_test.lua"] = 'polcy "p.lua"\n' }
    local result = t:spurn("test --tap", { environment = "SPURN_FORMAT=json" })
    t:ended(result, 2)
    local lines = lines_of(result.out)
    t:equal(lines[1], "TAP version 14")
    t:equal(lines[2], "# Subtest: a_test.lua")
    t:equal(lines[3], "    ok 1 - a stale one goes")
    t:equal(lines[5], [[    ok 3 - no \#todo here]])
    t:equal(lines[6], "    1..3")
    t:equal(lines[7], "ok 1 - a_test.lua")
    t:equal(lines[9], "    not ok 1 - a fresh one goes")
    t:equal(lines[10], "      ---")
    t:equal(lines[11], '      file: "b_test.lua"')
    t:equal(lines[13], '      got: "none"')
    t:equal(lines[16], [[        - "reject \"stale\", line 2: false"]])
    t:holds(result.out, "      ...\n    1..1\nnot ok 2 - b_test.lua\n")
    t:holds(result.out, "\nnot ok 3 - c_test.lua\n  ---\n  message: \"c_test.lua:1: ")
    t:equal(lines[#lines - 1], "1..3")
    t:equal(lines[#lines], "# 3 passed, 2 failed")
    for _, line in ipairs(lines_of(t:spurn("test --tap --coverage a_test.lua").out)) do
        t:truth(line:find "^TAP " or line:find "^ *ok " or line:find "^ *1%.%." or line:find "^#", "TAP: " .. line)
    end
end)

-- ---- JUnit ----

-- Whether tags open and close in order, and no text holds what XML forbids.
local function check_xml(t, text)
    local open = {}
    t:equal(text:sub(1, 39), '<?xml version="1.0" encoding="UTF-8"?>\n')
    t:truth(utf8.len(text), "UTF-8")
    t:truth(not text:find "[\0-\8\11\12\14-\31\127]", "no control characters")
    for tag in text:sub(40):gmatch "%b<>" do
        local closes, name, rest = tag:match "^<(/?)(%l+)(.*)>$"
        t:truth(name, "a tag: " .. tag)
        t:lacks(rest:gsub('="[^"<>]*"', ""), '"')
        if closes == "/" then
            t:equal(table.remove(open), name, "what closes")
        elseif rest:sub(-1) ~= "/" then
            open[#open + 1] = name
        end
    end
    t:equal(#open, 0, "what stays open")
    local entities = text:gsub("&%l+;", ""):gsub("&#%d+;", "")
    t:lacks(entities, "&")
end

test "--junit writes well-formed XML, whatever stands in names" (function(t)
    t:folder { ["p.lua"] = POLICY, ["a_test.lua"] = PASSES, ["b_test.lua"] = [==[
policy "p.lua"
test "<&>\"' ]]> \0\27\127\u{FFFE}\u{9B}" { name = "</failure>\1&amp;", expect = "reject", rule = "odd" }
]==], ["c_test.lua"] = 'polcy "p.lua"\n' }
    local result = t:spurn "test --junit out.xml"
    t:ended(result, 2)
    t:holds(result.out, "\n2 passed, 2 failed\n")
    local xml = program.read_file(t:folder() .. "/out.xml")
    check_xml(t, xml)
    t:holds(xml, '<testsuites name="spurn test" tests="4" failures="1" errors="1">\n')
    t:holds(xml, '  <testsuite name="a_test.lua" tests="2" failures="0" errors="0">\n')
    t:holds(xml, '    <testcase name="our own are kept" classname="a_test.lua" file="a_test.lua" line="3"/>\n')
    t:holds(xml, 'name="&lt;&amp;&gt;&quot;&apos; ]]&gt; \u{FFFD}\u{FFFD}&#127;\u{FFFD}&#155;"')
    t:holds(xml, '<failure message="none')
    t:holds(xml, '>got none')
    t:holds(xml, '\nreject &quot;odd&quot;, line 3: false\n')
    t:holds(xml, '<testsuite name="c_test.lua" tests="1" failures="0" errors="1">')
    t:holds(xml, '<error message="c_test.lua:1: ')
    t:ended(t:spurn "test a_test.lua --tap --junit out.xml", 0)
    check_xml(t, program.read_file(t:folder() .. "/out.xml"))
    t:holds(program.read_file(t:folder() .. "/out.xml"), 'tests="2" failures="0" errors="0"')
end)

test "a JUnit report that cannot be written is told" (function(t)
    t:folder { ["p.lua"] = POLICY, ["p_test.lua"] = PASSES }
    local missing = t:spurn "test --junit none/out.xml"
    t:ended(missing, 2, "cannot write none/out.xml: ")
    t:equal(missing.out, "")
    t:ended(t:spurn "test --junit /dev/full", 2, "cannot write /dev/full: ")
end)

-- ---- --record ----

local HOSTILE <const> = {
    "promo 1", 'say "hi"', "back\\slash", "new\nline", "]] --[[ x", "\27[2Jgone", "\u{202E}gpj.exe",
    "été", "长城", "%s %d {name}", "\\", "tab\tend", '" } os.exit() --',
}

-- An emulator with invitations that have these names, a configuration, and the policy applied to them once.
local function applied(t, policy, names, extra)
    local invitations = {}
    for i, name in ipairs(names) do
        invitations[i] = { sender = "999999999999", name = name, age = "3h" }
        for key, value in pairs(extra or {}) do
            invitations[i][key] = value
        end
    end
    local emulator = t:emulator(program.aws(invitations))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = policy }
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
    return emulator
end

local function decisions(t)
    return t:spurn("history --format json").json.decisions
end

-- The recorded test of an invitation as source and as Lua reads it: { title =, fields = }.
local function recorded(t, id)
    local result = t:spurn("test --record " .. program.quote(id))
    t:ended(result, 0)
    local read = {}
    local function word(title)
        return function(fields)
            read.title, read.fields = title, fields
        end
    end
    assert(load(result.out, "=recorded", "t", { test = word }))()
    return result.out, read
end

local function passes(t, source)
    t:folder { ["recorded_test.lua"] = 'policy "policy.lua"\n' .. source }
    t:ended(t:spurn "test recorded_test.lua", 0)
end

test "--record makes a test of what was decided, which passes, and reads back what the sender wrote" (function(t)
    applied(t, 'keep "walls" (name "长*")\nreject "rest" (older "1h")\n', HOSTILE)
    local all, seen = {}, {}
    for _, row in ipairs(decisions(t)) do
        local source, read = recorded(t, row.id)
        t:equal(read.fields.name, row.name)
        t:equal(read.fields.id, row.id)
        t:equal(read.fields.sender, "999999999999")
        t:equal(read.fields.expect, row.verdict)
        t:equal(read.fields.rule, row.rule)
        t:equal(read.fields.region, nil, "the default region")
        t:equal(read.fields.cloud, nil, "the default cloud")
        t:truth(read.fields.age:find "^3h", "an age of three hours: " .. read.fields.age)
        t:truth(not source:find "[\0-\9\11-\31\127]", "no control character but the ends of lines")
        t:lacks(source, "\u{202E}")
        all[#all + 1] = source
        seen[read.fields.name] = true
    end
    t:equal(#all, #HOSTILE)
    for _, name in ipairs(HOSTILE) do
        t:truth(seen[name], ("a test of %q"):format(name))
    end
    passes(t, table.concat(all))
    t:equal(lines_of(t:spurn("test recorded_test.lua").out)[1], "ok    recorded_test.lua  " .. #HOSTILE)
end)

test "--record takes the end of an id, and says when it fits none or several" (function(t)
    applied(t, program.REJECT_ALL, HOSTILE)
    local id = decisions(t)[1].id
    t:equal(recorded(t, id:sub(-12)), recorded(t, id))
    t:ended(t:spurn "test --record nobody", 1, "cannot record invitation nobody: nothing was decided about it")
    local seen, shared = {}, nil
    for _, row in ipairs(decisions(t)) do
        local last = row.id:sub(-1)
        shared = shared or seen[last] and last
        seen[last] = true
    end
    if shared then
        t:ended(t:spurn("test --record " .. shared), 2, "end so; give more of it")
    end
end)

-- One more invitation, which arrives later.
local function arrives(emulator, invitation)
    local scenario = program.aws { invitation }
    scenario.accounts[1].keys = nil
    emulator.add(scenario)
end

test "--record keeps what the policies asked of the past, and of resources" (function(t)
    local emulator = applied(t, 'reject "again" (rejected_before { times = 1, within = "30d" })\n' ..
        'reject "first" (name "first*")\n', { "first 1", "first 2" })
    arrives(emulator, { sender = "999999999999", name = "second", resources = { { type = "ec2:Subnet" } } })
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
    local second
    for _, row in ipairs(decisions(t)) do
        second = row.name == "second" and row or second
    end
    t:equal(second.rule, "again")
    local source, read = recorded(t, second.id)
    t:equal(#read.fields.rejected, 1, "as many as the rule asks for")
    t:truth(read.fields.journal, "the age of the journal: " .. source)
    t:equal(read.fields.seen, nil, "what nobody asked for")
    t:equal(read.fields.resources, nil, "what nobody asked for")
    passes(t, source)
    t:folder { ["policy.lua"] = 'reject "subnets" (resource_type "ec2:*")\n' }
    arrives(emulator, { sender = "888888888888", name = "third", resources = { { type = "ec2:Subnet" } } })
    t:ended(t:spurn "plan", 0)
    for _, row in ipairs(t:spurn("history --plans --format json").json.decisions) do
        if row.name == "third" then
            source, read = recorded(t, row.id)
        end
    end
    t:equal(read.fields.resources[1].type, "ec2:Subnet")
    t:equal(read.fields.expect, "reject")
    passes(t, source)
end)

test "--record says so when today's policies decide otherwise, and expects their faults" (function(t)
    applied(t, program.REJECT_ALL, { "promo" })
    t:folder { ["policy.lua"] = 'reject "everything" (always)\nkeep "k" (function(inv)\n' ..
        '    if inv.name == "promo" then error "boom" end\n    return false\nend)\n' }
    local source, read = recorded(t, decisions(t)[1].id)
    t:equal(lines_of(source)[3], '-- today\'s policies say undecided by "k"')
    t:equal(read.fields.expect, "reject")
    t:equal(read.fields.fault, true)
end)

test "--record runs nothing, and takes nothing about running" (function(t)
    t:ended(t:spurn "test --record x here", 2, "--record runs no test")
    t:ended(t:spurn "test --record x --coverage", 2, "--record runs no test")
    t:ended(t:spurn "test --record x", 2, "cannot find a configuration")
end)

test "a policy of the folder that no test asks counts as not covered, whatever it needs to be loaded" (function(t)
    t:folder { ["p.lua"] = 'reject "always" (always)\n', ["p_test.lua"] = 'policy "p.lua"\n' ..
        'test "it goes" { expect = "reject" }\n' }
    t:ended(t:spurn "test --coverage --fail-under 100", 0)
    t:folder { ["q.lua"] = 'local p = params { ours = list_of_accounts }\nkeep "k" (sender (p.ours))\n',
        ["spurn.lua"] = 'policy "q.lua"\n', ["helper.lua"] = "return { keep = 1 }\n" }
    local result = t:spurn "test --coverage --fail-under 100"
    t:ended(result, 1, "coverage is 33%")
    t:holds(result.out, "\nq.lua  no test asks it; rules 0 of 1 true, 0 of 1 false\n")
    t:holds(result.out, '  line 2  keep "k" never true, never false\n')
    t:lacks(result.out, "helper.lua")
    t:lacks(result.out, "spurn.lua")
    t:ended(t:spurn "test --coverage --fail-under 100 p_test.lua", 0)
end)

test "--record keeps what only observed, and names the policies with what they were given" (function(t)
    applied(t, 'params { after = "1h" }\nreject "watched" { name "promo*", mode = "observe" }\n', { "promo" })
    t:folder { ["spurn.lua"] = program.read_file(t:folder() .. "/spurn.lua"):gsub('policy "policy.lua"[^\n]*',
        'policy "policy.lua" { after = "2h", only = { cloud = "aws" } }') }
    local source, read = recorded(t, decisions(t)[1].id)
    t:equal(read.fields.observe, "watched")
    t:equal(read.fields.expect, "none")
    local lines = lines_of(source)
    t:equal(lines[1]:sub(1, 9), "-- once, ")
    t:equal(lines[2], '-- policy "policy.lua" { only = { cloud = "aws" }, after = "2h" }')
    passes(t, source)
end)
