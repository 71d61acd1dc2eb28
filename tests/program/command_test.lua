-- The command line: what it understands, what it says, what it ends with.
local program = require "program"
local test = program.test

local COMMANDS = { "init", "check", "test", "plan", "apply", "daemon", "explain", "replay", "history", "verify",
    "doctor", "fields", "help" }
local ESCAPE = "\27["

local function here(t, path)
    return t:folder() .. "/" .. path
end

-- An emulator with `count` promotions and a welcome share, and a configuration that rejects the promotions.
local function promotions(t, count, more)
    local emulator = t:emulator(program.aws {
        { sender = "999999999999", name = "promo %d", ["repeat"] = count },
        { sender = "888888888888", name = "welcome" },
    })
    t:folder {
        ["spurn.lua"] = program.config(emulator, 'policy "policy.lua"\n' .. (more or "")),
        ["policy.lua"] = 'reject "promotional" (name "promo*")\n',
    }
    return emulator
end

-- ---- what cannot be understood ----

-- Each is a command line, and what the one line on standard error says. All end with 2.
local MISUNDERSTOOD = {
    { "aply", 'there is no command "aply"; did you mean "spurn apply"?' },
    { "chekc", 'there is no command "chekc"; did you mean "spurn check"?' },
    { "frobnicate", 'there is no command "frobnicate"; "spurn help" lists what there is' },
    { "help frobnicate", 'there is no command "frobnicate"' },
    { "plan --formt json", "there is no option --formt; did you mean --format?" },
    { "plan --frobnicate", 'there is no option --frobnicate; "spurn help" lists what there is' },
    { "plan -x", 'there is no option -x; "spurn help" lists what there is' },
    { "plan -json", "there is no option -json" },
    { "plan --format", "--format wants table|json" },
    { "plan --format xml", '--format is "xml"; it can be table|json' },
    { "plan --color=sometimes", '--color is "sometimes"; it can be auto|always|never' },
    { "plan --all=yes", "--all takes no value" },
    { "plan --yes", 'plan takes no --yes; "spurn plan --help" lists what it takes' },
    { "plan here", 'plan takes options only, and no "here"' },
    { "history one two", 'history takes only one [ID], and no "two"' },
    { "history --limit many", '--limit is "many"; it wants N' },
    { "history --since yesterday", '--since is "yesterday"; it wants WHEN' },
    { "plan --now tomorrow", '--now is "tomorrow"; it wants TIME' },
    { "apply --yes -c spurn.lua --now 2026-11-22T03:10:00Z", "apply takes no --now" },
    { "daemon -c spurn.lua --now 2026-11-22T03:10:00Z", "daemon takes no --now" },
    { "check --now 2026-11-22T03:10:00Z", "check takes no --now" },
    { "history --now 2026-11-22T03:10:00Z", "history takes no --now" },
    { "plan -c missing.lua", "missing.lua" },
    { "apply", "cannot ask whether to reject: this is no terminal" },
    { "apply", 'then say "spurn -c spurn.lua apply --yes"' },
    { "apply -c ./spurn.lua", 'then say "spurn -c ./spurn.lua apply --yes"' },
    { "apply --trust 0123", '--trust is "0123"; it wants DIGEST' },
    { "apply --yes -c spurn.lua --trust " .. ("A"):rep(64), "; it wants DIGEST" },
    { "apply --yes -c spurn.lua --trust " .. ("0"):rep(64), "--trust names other policies than these: theirs is " },
    { 'init ""', "cannot write into a folder without a name" },
    { "apply --yes", "say -c ./spurn.lua" },
    { "daemon", "say -c ./spurn.lua" },
}

test "what is not understood ends with 2, in one line, before anything is done" (function(t)
    local emulator = promotions(t, 1)
    for _, case in ipairs(MISUNDERSTOOD) do
        local result = t:spurn(case[1])
        t:ended(result, 2, case[2])
        t:equal(result.out, "", "standard output of spurn " .. case[1])
        t:equal(select(2, result.err:gsub("\n", "")), 1, "lines that spurn " .. case[1] .. " says")
        t:truth(result.err:find " error: [%l-]", "a sentence that begins small: " .. result.err)
    end
    t:equal(#emulator.ledger(), 0, "calls")
    t:equal(program.read_file(here(t, "spurn.db")), nil, "the journal")
end)

test "an option's environment variable is held to the same, and never answers for a person" (function(t)
    local emulator = promotions(t, 1)
    t:ended(t:spurn("fields", { environment = "SPURN_FORMAT=xml" }), 2, 'SPURN_FORMAT is "xml"; it can be table|json')
    local fields = t:spurn("fields", { environment = "SPURN_FORMAT=json" })
    t:ended(fields, 0)
    t:equal(fields.out:sub(1, 1), "{")
    t:equal(t:spurn("fields --format table", { environment = "SPURN_FORMAT=json" }).out:sub(1, 4), "rule")
    t:ended(t:spurn("apply", { environment = program.KEYS .. " SPURN_YES=1 SPURN_TRUST=1" }), 2, "this is no terminal")
    t:ended(t:spurn("apply --yes", { environment = program.KEYS .. " SPURN_CONFIG=spurn.lua" }), 2, "must begin with /")
    t:equal(#emulator.ledger(), 0, "calls")
    local named = program.KEYS .. " SPURN_CONFIG=" .. here(t, "spurn.lua")
    t:ended(t:spurn("apply --yes", { environment = named }), 0)
    t:equal(#program.rejections(emulator), 1)
end)

-- ---- help ----

test "every command has its --help, and help names every command" (function(t)
    local help = t:spurn "help"
    t:ended(help, 0)
    t:equal(help.out, t:spurn("--help").out)
    for _, command in ipairs(COMMANDS) do
        t:holds(help.out, "spurn " .. command)
        local about = t:spurn(command .. " --help")
        t:ended(about, 0)
        t:equal(about.out:sub(1, #command + 7), "spurn " .. command .. " ")
        t:equal(about.err, "")
        t:holds(about.out, "--format table|json")
        t:equal(t:spurn("help " .. command).out, about.out)
    end
    local count = select(2, help.out:gsub("\n +spurn %l+", ""))
    t:equal(count, #COMMANDS, "commands in spurn help")
end)

test "without a command spurn helps, on standard error, and ends with 2" (function(t)
    local nothing = t:spurn ""
    t:ended(nothing, 2, "Commands")
    t:equal(nothing.out, "")
end)

test "--version is the header's" (function(t)
    local version = program.read_file(program.root .. "/src/spurn.h"):match '#define SPURN_VERSION "([^"]+)"'
    local result = t:spurn "--version"
    t:ended(result, 0)
    t:equal(result.out, "spurn " .. version .. "\n")
    t:equal(t:spurn("plan --version").out, result.out)
end)

-- ---- init, check, test, fields ----

test "init writes a configuration, a policy and its test, which load and pass" (function(t)
    local init = t:spurn "init started"
    t:ended(init, 0)
    for _, file in ipairs { "spurn.lua", "policies/strangers.lua", "policies/strangers_test.lua" } do
        t:holds(init.out, "wrote started/" .. file)
        t:truth(program.read_file(here(t, "started/" .. file)), file)
    end
    t:holds(init.out, "spurn doctor ")
    t:holds(init.out, "examples/accounts ")
    t:holds(program.read_file(here(t, "started/spurn.lua")), "examples/accounts/README.md")
    local check = t:spurn "check -c started/spurn.lua --format json"
    t:ended(check, 0)
    t:equal(#check.json.warnings, 0, "warnings")
    local tests = t:spurn "test started --format json"
    t:ended(tests, 0)
    t:truth(tests.json.passed > 0, "tests that pass")
end)

test "init overwrites nothing, and then writes nothing at all" (function(t)
    t:folder { ["policies/strangers_test.lua"] = "-- mine\n" }
    t:ended(t:spurn "init", 2, "policies/strangers_test.lua: it is there already")
    t:equal(program.read_file(here(t, "policies/strangers_test.lua")), "-- mine\n")
    t:equal(program.read_file(here(t, "spurn.lua")), nil)
    t:equal(program.read_file(here(t, "policies/strangers.lua")), nil)
    t:ended(t:spurn "init other", 0)
    t:ended(t:spurn "init other", 2, "it is there already")
end)

test "check says where a mistake is, and what was meant" (function(t)
    promotions(t, 1)
    t:ended(t:spurn "check", 0)
    t:folder { ["policy.lua"] = '\nreject "promotional" (nme "promo*")\n' }
    t:ended(t:spurn "check", 2, "policy.lua:2: unknown word `nme`; did you mean `name`?")
    t:folder { ["spurn.lua"] = 'jurnal = "spurn.db"\n' }
    t:ended(t:spurn "check", 2, 'spurn.lua:1: unknown setting "jurnal": did you mean "journal"?')
end)

test "check warns of what can do nothing, and still ends with 0" (function(t)
    t:folder { ["spurn.lua"] = "" }
    local check = t:spurn "check"
    t:ended(check, 0)
    for _, warning in ipairs { "no target: ", "no policy: ", "no journal: ", "warnings 3" } do
        t:holds(check.out, warning)
    end
end)

test "test ends with 1 when a test fails, and says what it got and wanted" (function(t)
    t:folder { ["p.lua"] = 'reject "promotional" (name "promo*")\n', ["p_test.lua"] = [[
policy "p.lua"
test "promotions go" { name = "promo", expect = "reject" }
test "promotions stay" { name = "promo", expect = "keep" }
]] }
    local result = t:spurn "test"
    t:ended(result, 1)
    t:holds(result.out, 'FAIL  p_test.lua:3: promotions stay\n      got   reject by rule "promotional"\n' ..
        "      want  keep\n")
    t:equal(result.out:match "([^\n]*)\n$", "1 passed, 1 failed")
    local json = t:spurn("test --format json").json
    t:equal(json.failed, 1)
    t:equal(json.files[1].tests[2].passed, false)
end)

test "test without a test, with a broken one, or with none in it does not pass" (function(t)
    t:ended(t:spurn "test", 2, "cannot find tests")
    t:ended(t:spurn "test missing", 2, "missing")
    t:folder { ["empty_test.lua"] = "" }
    t:ended(t:spurn "test", 2)
    t:folder { ["empty_test.lua"] = 'polcy "x.lua"\n' }
    local broken = t:spurn "test"
    t:ended(broken, 2)
    t:holds(broken.out, "empty_test.lua:1: ")
end)

test "fields names every condition that a policy can say" (function(t)
    local fields = t:spurn "fields --format json"
    t:ended(fields, 0)
    t:truth(#fields.json.words > 20, "more than 20 words")
    local text = t:spurn("fields").out
    for _, row in ipairs(fields.json.words) do
        t:holds(text, row.form)
        t:holds(text, row.text)
    end
end)

-- ---- history ----

test "history shows what was asked for: one invitation, the newest, those since, plans too" (function(t)
    promotions(t, 3)
    t:ended(t:spurn "history", 2, "spurn plan makes one")
    t:ended(t:spurn "plan", 0)
    t:equal(#t:spurn("history --format json").json.decisions, 0)
    t:holds(t:spurn("history").out, "Nothing was decided yet but by plans; --plans shows that.\n")
    t:equal(#t:spurn("history --plans --format json").json.decisions, 4)
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
    local all = t:spurn("history --format json").json.decisions
    t:equal(#all, 4)
    t:equal(#t:spurn("history --plans --format json").json.decisions, 8)
    t:equal(#t:spurn("history --limit 2 --format json").json.decisions, 2)
    t:equal(#t:spurn("history --since 1h --format json").json.decisions, 4)
    t:equal(#t:spurn("history --since 2100-01-01 --format json").json.decisions, 0)
    t:holds(t:spurn("history --since 2100-01-01").out, "Nothing was decided since then.")
    local id = all[1].id
    for _, name in ipairs { id, id:sub(-8) } do
        local one = t:spurn("history --format json " .. program.quote(name)).json.decisions
        t:equal(#one, 1)
        t:equal(one[1].id, id)
        t:holds(t:spurn("history " .. program.quote(name)).out, id)
    end
    for _, format in ipairs { "table", "json" } do
        local unknown = t:spurn("history nobody --format " .. format)
        t:ended(unknown, 1, "cannot find invitation nobody")
        t:equal(unknown.out, "")
    end
    local table = t:spurn("history").out
    for _, row in ipairs(all) do
        t:holds(table, row.name)
        t:holds(table, row.id:sub(-8))
    end
end)

test "history says so when the end of an id stands for more than one" (function(t)
    promotions(t, 16) -- and the welcome: of 17 ids two end in the same hex digit
    t:ended(t:spurn "plan", 0)
    local seen, shared = {}, nil
    for _, row in ipairs(t:spurn("history --plans --format json").json.decisions) do
        local last = row.id:sub(-1)
        shared = shared or seen[last] and last
        seen[last] = true
        t:lacks(t:spurn("history --plans " .. program.quote(row.id)).out, "More than one")
    end
    t:holds(t:spurn("history --plans " .. shared).out, "More than one invitation's id ends in " .. shared .. ".\n")
    t:ended(t:spurn("history " .. shared), 1, "but by plans; --plans shows that")
end)

test "history tells a plan from a sweep that called, and from one that did not" (function(t)
    promotions(t, 1)
    t:ended(t:spurn "plan", 0)
    t:ended(t:at_terminal("apply", { typed = "n\n" }), 1)
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
    local rows = {}
    for line in t:spurn("history --plans").out:gmatch "[^\n]+" do
        local sweep, result = line:match "^  %S+ %S+ +(%d+)  (.-)  +999999999999"
        rows[#rows + 1] = sweep and sweep .. " " .. result
    end
    t:equal(table.concat(rows, ", "), "3 rejected, 2 not called, 1 plan: reject")
end)

test "what an observed rule would have said is counted, listed, and kept in the journal" (function(t)
    local emulator = promotions(t, 3)
    t:folder { ["policy.lua"] = 'reject "all" { always, mode = "observe" }\nreject "w" (name "welcome")\n' }
    t:holds(t:spurn("plan").out, "\nLeft alone\n  3  observed: policy/all\n")
    t:holds(t:spurn("plan --all").out, "observed: policy/all")
    t:ended(t:spurn "apply --yes -c spurn.lua", 0)
    t:equal(#program.rejections(emulator), 1)
    t:holds(t:spurn("history").out, "observed: policy/all")
    local decisions = t:spurn("history --format json").json.decisions
    t:equal(program.count(decisions, "matches", "policy/all (observed)"), 3)
    t:equal(program.count(decisions, "matches", "policy/all (observed), policy/w"), 1)
    for _, row in ipairs(decisions) do
        t:holds(t:spurn("history " .. program.quote(row.id)).out, "  true were  " .. row.matches .. "\n")
    end
end)

-- ---- how it is written ----

test "--format json is one whole JSON object, schema 1, from every command" (function(t)
    promotions(t, 2)
    t:folder { ["policy_test.lua"] = 'policy "policy.lua"\ntest "one" { name = "promo", expect = "reject" }\n' }
    for _, command in ipairs { "init started", "check", "test", "plan", "apply --yes -c spurn.lua", "history",
        "history --plans", "verify", "doctor", "fields" } do
        local result = t:spurn(command .. " --format json")
        t:ended(result, 0)
        t:equal(result.json.schema, 1, command)
        t:equal(select(2, result.out:gsub("\n", "")), 1, "lines of " .. command)
        t:lacks(result.out, ESCAPE)
    end
end)

test "--log-format json logs one JSON object a line" (function(t)
    promotions(t, 1)
    local apply = t:spurn "apply --yes -c spurn.lua --log-level info --log-format json"
    t:ended(apply, 0)
    local lines = 0
    for line in apply.err:gmatch "([^\n]*)\n" do
        local row = require "cjson".decode(line)
        t:truth(row.time and row.level and row.message, "time, level and message")
        lines = lines + 1
    end
    t:truth(lines > 0, "a line")
    t:ended(t:spurn "frob --log-format json", 2, '"level":"error","message":"there is no command')
end)

test "colours are for terminals without NO_COLOR, and for who asks for them" (function(t)
    promotions(t, 1)
    t:lacks(t:spurn("plan").out, ESCAPE)
    t:holds(t:spurn("plan --color always").out, ESCAPE)
    t:lacks(t:spurn("plan --color never").out, ESCAPE)
    t:holds(t:at_terminal("plan").out, ESCAPE)
    t:lacks(t:at_terminal("plan", { environment = "NO_COLOR=1" }).out, ESCAPE)
    t:lacks(t:at_terminal("plan --color never").out, ESCAPE)
    t:holds(t:at_terminal("plan --color always", { environment = "NO_COLOR=1" }).out, ESCAPE)
    t:lacks(t:at_terminal("plan", { environment = "TERM=dumb" }).out, ESCAPE)
end)

test "a report that cannot be written is a failure; a reader that has seen enough is none" (function(t)
    local emulator = promotions(t, 1)
    t:folder { ["policy_test.lua"] = 'policy "policy.lua"\ntest "one" { name = "promo", expect = "reject" }\n' }
    t:ended(t:spurn "plan", 0)
    for _, format in ipairs { "table", "json" } do
        for _, command in ipairs { "help", "--version", "plan --help", "init " .. format, "check", "test", "fields",
            "plan", "history", "verify" } do
            t:ended(t:spurn(("%s --format %s >/dev/full"):format(command, format)), 1, "cannot write the report: ")
        end
    end
    t:equal(#program.rejections(emulator), 0)
    t:ended(t:spurn "apply --yes -c spurn.lua >/dev/full", 1, "cannot write the report: ")
    t:equal(#program.rejections(emulator), 1) -- it was done, and is on record
    t:ended(t:spurn "doctor >/dev/full", 1, "cannot write the report: ")
    t:ended(t:spurn "doctor --format json >/dev/full", 1, "cannot write the report: ")
    t:ended(t:spurn "verify", 0)
    local code = here(t, "code")
    program.run_command(("(sleep 0.2; %s/spurn fields; echo $? >%s) | true"):format(
        program.quote(program.build), program.quote(code)))
    t:equal(program.read_file(code), "0\n")
end)

-- ---- the question ----

test "apply asks at a terminal: nothing is rejected unless the answer is yes" (function(t)
    local emulator = promotions(t, 2)
    for _, answer in ipairs { "n\n", "\n", "no\n", "yep\n", "Y E S\n", "\4", "\3" } do
        local apply = t:at_terminal("apply", { typed = answer })
        t:ended(apply, 1)
        t:holds(apply.out, "Reject 2 of 3 pending? [y/N] ")
        t:holds(apply.out, here(t, "spurn.lua")) -- which configuration this is about
        t:holds(apply.out, "promo 1")
        t:holds(apply.out, "promo 2")
        t:equal(#program.rejections(emulator), 0, ("rejections after %q"):format(answer))
    end
    t:ended(t:spurn "verify", 0)
    t:equal(program.count(t:spurn("history --format json").json.decisions, "outcome", nil), 7 * 3)
end)

for _, answer in ipairs { "y", "Y", "yes" } do
    test("apply rejects once the answer at the terminal is " .. answer)(function(t)
        local emulator = promotions(t, 2)
        t:ended(t:at_terminal("apply", { typed = answer .. "\n" }), 0)
        t:equal(#program.rejections(emulator), 2)
        t:ended(t:spurn "verify", 0)
    end)
end

test "apply asks nothing when there is nothing to reject" (function(t)
    local emulator = promotions(t, 2)
    t:folder { ["policy.lua"] = 'reject "casinos" (name "casino*")\n' }
    local apply = t:at_terminal("apply")
    t:ended(apply, 0)
    t:lacks(apply.out, "[y/N]")
    t:equal(#program.rejections(emulator), 0)
end)

test "the targets that could not be listed are told before the question" (function(t)
    promotions(t, 2)
    t:folder { ["spurn.lua"] = program.read_file(here(t, "spurn.lua")) ..
        'aws { account = "444455556666", regions = { "eu-west-1" }, endpoint = "http://127.0.0.1:1" }\n' }
    local apply = t:at_terminal("apply", { typed = "n\n" })
    t:ended(apply, 1)
    local before = apply.out:match "^(.*)%[y/N%]"
    t:holds(before, "1 of 2 targets could not be listed.")
    t:truth(before:find "444455556666 +eu%-west%-1 +.*failed", "the target that failed: " .. before)
end)

test "on 80 columns no row of the question is longer, and accounts and rules are whole" (function(t)
    local account = "1234567890123456"
    local emulator = t:emulator(program.both({ { sender = "999999999999", name = ("long "):rep(40) } },
        { { sender = account, name = ("长"):rep(60) } }))
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = 'reject "promotional" (always)\n' }
    local rows = 0
    for line in t:at_terminal("apply --color never", { typed = "n\n" }).out:match "^(.*)%[y/N%]":gmatch "[^\r\n]+" do
        if line:find "promotional" then
            rows = rows + 1
            t:truth(utf8.len(line) <= 80, "80 columns: " .. line)
            t:truth(line:find(program.AWS_ACCOUNT .. "/us-east-1", 1, true) or
                line:find(account .. ".*" .. program.ALIBABA_ACCOUNT .. "/cn%-hangzhou"), "the account: " .. line)
        end
    end
    t:equal(rows, 2)
    local plan = t:spurn "plan"
    t:lacks(plan.out, ("long "):rep(17))
    t:holds(plan.out, "…")
    t:holds(t:spurn("plan --format json").out, ("long "):rep(40):sub(1, -2))
end)

-- ---- exit codes ----

test "a safety belt ends with 3; naming the digest, or a person's yes, lets it pass" (function(t)
    local emulator = promotions(t, 30)
    local held = t:spurn "apply --yes -c spurn.lua --format json"
    t:ended(held, 3)
    t:equal(held.json.summary.held, true)
    t:equal(#program.rejections(emulator), 0)
    local plan = t:spurn("plan").out
    t:holds(plan, "Would be held by a safety belt: ")
    t:equal(plan:match "%. ([^\n]*)\n$", '"spurn apply" asks first whether that is meant; with --yes it rejects none.')
    t:ended(t:spurn("apply --yes -c spurn.lua --trust " .. held.json.summary.digest), 0)
    t:equal(#program.rejections(emulator), 30)

    local other = promotions(t, 30, "limits { rejections = 10 }")
    t:folder { ["policy.lua"] = 'reject "promotional" (name "promo*")\nreject "more" (name "casino*")\n' }
    local no = t:at_terminal("apply", { typed = "n\n" })
    t:ended(no, 1)
    t:holds(no.out, "Trust these policies from now on, and reject 30 of 31 pending? [y/N] ")
    t:equal(#program.rejections(other), 0)
end)

test "a rule that breaks ends with 4, and nothing that it was asked about is rejected" (function(t)
    local emulator = promotions(t, 2)
    t:folder { ["policy.lua"] = [[
reject "promotional" (name "promo*")
keep "odd" (function(inv) return inv.name:find "^promo %d" ~= nil and error("no") end)
]] }
    local apply = t:spurn "apply --yes -c spurn.lua --format json"
    t:ended(apply, 4)
    t:equal(apply.json.summary.undecided, 2)
    t:equal(apply.json.faults[1].line, 2)
    t:equal(#program.rejections(emulator), 0)
end)

test "the id that a plan shows is one that explain, history and --record take" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "a promo" } })
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    local id = t:spurn("plan").out:match "REGION +ID\n.- (%S+)\n"
    t:truth(id, "an ID column")
    t:holds(t:spurn("plan --all").out, id .. "\n")
    t:ended(t:spurn("explain " .. id), 0)
    t:ended(t:spurn("test --record " .. id), 0)
    t:ended(t:spurn("history --plans " .. id), 0)
    t:ended(t:spurn("history " .. id), 1, "but by plans; --plans shows that")
    t:ended(t:spurn "history nobody", 1, 'nothing was decided about it; "spurn history --plans" shows')
    t:ended(t:spurn "explain nobody", 2, '"spurn history --plans" shows how the ids end')
    t:ended(t:spurn "test --record nobody", 1, '"spurn history --plans" shows how the ids end')
end)

test "history says that nothing was decided, and names --plans only where plans decided" (function(t)
    local emulator = t:emulator(program.aws {})
    t:folder { ["spurn.lua"] = program.config(emulator), ["policy.lua"] = program.REJECT_ALL }
    t:ended(t:spurn "-c spurn.lua apply --yes", 0)
    t:equal(t:spurn("history").out, "Nothing was decided yet.\n")
end)

test "rules that only observe are told whatever is decided, with their reason where nothing else is said" (function(t)
    local emulator = t:emulator(program.aws {
        { sender = "999999999999", name = "goes" }, { sender = "888888888888", name = "stays" },
        { sender = "444455556666", name = "kept" },
    })
    t:folder {
        ["spurn.lua"] = program.config(emulator),
        ["policy.lua"] = 'keep "ours" (sender "444455556666")\nreject "goes" (name "goes")\n' ..
            'reject "a, b" { always, mode = "observe", reason = "{name} was seen" }\n' ..
            'reject "later" { name "goes", mode = "observe" }\n',
    }
    local plan = t:spurn("plan --all").out
    t:truth(plan:find "goes; observed: policy/a, b, policy/later +aws", "beside a rejection: " .. plan)
    t:truth(plan:find "ours; observed: policy/a, b +aws", "beside a keep: " .. plan)
    t:truth(plan:find "observed: policy/a, b +stays was seen +aws", "with its reason: " .. plan)
    local short = t:spurn("plan").out
    t:holds(short, "\nKept\n  1  policy/ours; observed: policy/a, b\n")
    t:holds(short, "\nLeft alone\n  1  observed: policy/a, b\n")
end)

test "an observing rule that is in doubt is not true, and that is what is said" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "x", resources = {} } })
    t:folder {
        ["spurn.lua"] = program.config(emulator),
        ["policy.lua"] = 'reject "r" { resource_type "ec2:*", mode = "observe" }\n',
    }
    t:holds(t:spurn("plan").out, "\nLeft alone\n  1  no rule is true of it\n")
end)

test "a plan without a journal says what apply needs" (function(t)
    local emulator = t:emulator(program.aws { { sender = "999999999999", name = "x" } })
    t:folder {
        ["spurn.lua"] = program.config(emulator):gsub('journal = "[^"]*"\n', ""),
        ["policy.lua"] = program.REJECT_ALL,
    }
    local plan = t:spurn("plan")
    t:ended(plan, 0)
    t:holds(plan.out, '1 to reject. To reject it, name a journal in the configuration: journal = "spurn.db".\n')
    t:ended(t:spurn "-c spurn.lua apply --yes", 2)
end)

test "a scenario that is wrong is told what it may hold" (function(t)
    local function refused(source, why)
        t:folder { ["scenario.json"] = source }
        local path = program.quote(t:folder() .. "/scenario.json")
        local result = program.run_command(program.quote(program.build .. "/spurn-emulator") .. " --scenario " .. path)
        t:equal(result.code, 2)
        t:holds(result.err, why)
    end
    refused("{}", 'schema is missing; there must be { "schema": 1, "accounts": [] }')
    refused('{"schema":1,"accounts":[{"cloud":"aws","id":"111122223333","regions":[{"nmae":"us-east-1"}]}]}',
        "scenario.accounts[0].regions[0].nmae: there is no such member; there are invitations, name")
    t:holds(program.run_command(program.quote(program.build .. "/spurn-emulator") .. " --help").out,
        "\n  invitation  sender* ")
end)
