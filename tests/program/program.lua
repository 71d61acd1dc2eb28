-- program.lua - what a whole-program test needs: an emulator and a folder of its own, the real command, assertions.
local cjson = require "cjson"

local program = {}

local build = os.getenv("BUILD") or "build"
local here = io.popen("pwd"):read("l")
if build:sub(1, 1) ~= "/" then
    build = here .. "/" .. build
end
program.build = build
local wrapper = os.getenv("WRAPPER") or "" -- such as a memory checker, put before the command
program.root = here

local tests = {}

-- Registers a test: test "the rule it defends" (function (t) ... end).
function program.test(name)
    return function(body)
        tests[#tests + 1] = { name = name, body = body }
    end
end

local function quote(text)
    return "'" .. tostring(text):gsub("'", "'\\''") .. "'"
end
program.quote = quote

local function read_file(path)
    local file = io.open(path, "rb")
    if not file then
        return nil
    end
    local text = file:read("a")
    file:close()
    return text
end
program.read_file = read_file

local function write_file(path, text)
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
end
program.write_file = write_file

local function sleep(seconds)
    os.execute(("sleep %g"):format(seconds))
end

-- Asks `ready` every 20 ms until it answers something true, for at most `seconds`; its answer, or nil.
local function wait_for(seconds, ready)
    for _ = 1, math.ceil(seconds / 0.02) do
        local answer = ready()
        if answer then
            return answer
        end
        sleep(0.02)
    end
    return nil
end
program.wait_for = wait_for

-- Runs a shell command to its end: { code, out, err, signal }.
local function run(command, options)
    local out, err = os.tmpname(), os.tmpname()
    local input = options and options.input or "/dev/null"
    local _, how, code = os.execute(("( %s ) >%s 2>%s <%s"):format(command, out, err, input))
    local result = { code = how == "exit" and code or nil, signal = how == "signal" and code or nil,
        out = read_file(out), err = read_file(err), command = command }
    os.remove(out)
    os.remove(err)
    return result
end
program.run_command = run

-- ---- one test ----

local T = {}
T.__index = T

local function fail(level, text)
    error({ text = text, at = debug.getinfo(level + 1, "Sl") }, 0)
end

local function show(value)
    if type(value) == "table" then
        local ok, text = pcall(cjson.encode, value)
        return ok and text or tostring(value)
    end
    return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

function T:equal(got, want, what)
    if got ~= want then
        fail(2, ("%sgot %s, want %s"):format(what and what .. ": " or "", show(got), show(want)))
    end
end

function T:truth(condition, what)
    if not condition then
        fail(2, "want " .. (what or "a true value"))
    end
end

-- `text` holds `part`, taken literally.
function T:holds(text, part)
    if not tostring(text):find(part, 1, true) then
        fail(2, ("want %s in %s"):format(show(part), show(text)))
    end
end

function T:lacks(text, part)
    if tostring(text):find(part, 1, true) then
        fail(2, ("want no %s in %s"):format(show(part), show(text)))
    end
end

-- A run of the command ended with `code`, and what it wrote to stderr holds `part`, when that is given.
function T:ended(result, code, part)
    if result.code ~= code then
        fail(2, ("exit %s, want %d\n  command: %s\n  stdout: %s\n  stderr: %s"):format(
            result.code or "signal " .. tostring(result.signal), code, result.command, result.out:sub(1, 1000),
            result.err:sub(1, 1000)))
    end
    if part and not result.err:find(part, 1, true) then
        fail(2, ("want %s in stderr: %s"):format(show(part), result.err))
    end
end

-- The test's own folder; files = { [path] = text } are written into it.
function T:folder(files)
    for path, text in pairs(files or {}) do
        local parent = path:match("^(.*)/[^/]*$")
        if parent then
            os.execute("mkdir -p " .. quote(self.path .. "/" .. parent))
        end
        write_file(self.path .. "/" .. path, text)
        os.execute("chmod 644 " .. quote(self.path .. "/" .. path))
    end
    return self.path
end

-- A number that a shell wrote into a file, once its line is whole; else nil.
local function number_in(path)
    return tonumber((read_file(path) or ""):match("^(%d+)\n"))
end

-- Starts a process in the background in the test's folder: { pid, out, err, ended }, killed with the test. `out` and
-- `err` are files; `ended` is one that gets its exit code.
function T:start(command, environment)
    local n = #self.processes + 1
    local function file(kind)
        return ("%s/process-%d.%s"):format(self.path, n, kind)
    end
    local process = { out = file("out"), err = file("err"), ended = file("ended") }
    os.execute(("cd %s && { env %s %s >%s 2>%s </dev/null & echo $! >%s; wait $!; echo $? >%s; } >/dev/null 2>&1 &")
        :format(quote(self.path), environment or "", command, quote(process.out), quote(process.err),
            quote(file("pid")), quote(process.ended)))
    process.pid = wait_for(5, function() return number_in(file("pid")) end)
    if not process.pid then
        fail(2, "the process did not start within 5 s: " .. command)
    end
    self.processes[n] = process
    return process
end

function program.is_alive(process)
    return os.execute(("kill -0 %d 2>/dev/null"):format(process.pid)) == true
end

function T:signal(process, name)
    os.execute(("kill -%s %d 2>/dev/null"):format(name, process.pid))
end

-- The exit code of a started process, which must end within `seconds`; 128 + N when signal N ended it.
function T:await(process, seconds)
    local code = wait_for(seconds, function() return number_in(process.ended) end)
    if not code then
        fail(2, ("process %d did not end within %g s\n  stderr: %s"):format(
            process.pid, seconds, read_file(process.err)))
    end
    return code
end

-- What `ready` answers once it is true, which must be within `seconds`.
function T:becomes(seconds, what, ready)
    local answer = wait_for(seconds, ready)
    if not answer then
        fail(2, ("want %s within %g s"):format(what, seconds))
    end
    return answer
end

-- Starts an emulator with a scenario (a Lua table): { url, alibaba = { [region] = url }, ledger(), keys(), secrets(),
-- add(), fault(), person() }.
function T:emulator(scenario, options)
    self.emulators = (self.emulators or 0) + 1
    local file = ("%s/scenario-%d.json"):format(self.path, self.emulators)
    write_file(file, cjson.encode(scenario))
    local process = self:start(("%s/spurn-emulator --listen 127.0.0.1:0 --scenario %s %s"):format(
        build, quote(file), options or ""))
    local url = wait_for(10, function()
        if not program.is_alive(process) then
            fail(4, "the emulator did not start: " .. tostring(read_file(process.err)))
        end
        return (read_file(process.out) or ""):match("listening on (http://%S+)\n")
    end)
    if not url then
        fail(2, "the emulator did not start within 10 s")
    end
    local emulator = { url = url, alibaba = {}, process = process }
    for region, at in read_file(process.out):gmatch("alibaba (%S+) on (http://%S+)") do
        emulator.alibaba[region] = at
    end
    local function control(path, body)
        local data = body and "--data-binary " .. quote(cjson.encode(body)) or ""
        local answer = run(("curl -sS --fail-with-body -H X-Spurn-Emulator:1 %s %s"):format(data, quote(url .. path)))
        if answer.code ~= 0 then
            fail(3, "the emulator's control path failed: " .. answer.err .. answer.out)
        end
        return answer.out
    end
    function emulator.ledger()
        return cjson.decode(control("/_emulator/ledger"))
    end
    -- Whose each key is that is known or was handed out: { { id, cloud, account, role, session, ends }, ... }.
    function emulator.keys()
        return cjson.decode(control("/_emulator/keys"))
    end
    -- Every secret and token of these: { { kind, text }, ... }.
    function emulator.secrets()
        return cjson.decode(control("/_emulator/secrets"))
    end
    function emulator.add(more)
        return control("/_emulator/invitations", more)
    end
    function emulator.fault(specs)
        return control("/_emulator/fault", { faults = specs })
    end
    -- Somebody else accepts, rejects or cancels an invitation of the usual AWS account.
    function emulator.person(id, does)
        return control("/_emulator/person", { cloud = "aws", account = program.AWS_ACCOUNT, region = "us-east-1",
            id = id, does = does })
    end
    return emulator
end

-- The keys that scenarios use, as an environment.
program.KEYS = "AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret " ..
    "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIEXAMPLE ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret"

-- Runs the command in the test's folder. `arguments` is shell text; options = { environment, input }, by default with
-- keys and without input.
function T:spurn(arguments, options)
    options = options or {}
    local environment = options.environment or program.KEYS
    local result = run(("cd %s && env HOME=%s %s %s %s/spurn %s"):format(
        quote(self.path), quote(self.path), environment, wrapper, build, arguments), options)
    if arguments:find("--format json", 1, true) and result.out ~= "" then
        local ok, value = pcall(cjson.decode, result.out)
        if not ok then
            fail(2, "this is no JSON: " .. result.out)
        end
        result.json = value
    end
    return result
end

-- Starts the daemon with the usual keys.
function T:daemon(arguments)
    return self:start(("%s/spurn %s"):format(build, arguments),
        "HOME=" .. quote(self.path) .. " " .. program.KEYS)
end

-- Builds tests/program/NAME.c, a tool of the tests, into the test's folder; `flags` is shell text.
function T:tool(name, flags)
    self:ended(run(("cd %s && %s %s -o %s %s/tests/program/%s.c %s"):format(quote(self.path), os.getenv "CC" or "cc",
        os.getenv "CFLAGS" or "", name, quote(program.root), name, flags or "")), 0)
    return self.path .. "/" .. name
end

-- The program that runs SQL on the test's journal, so that what is asked comes from a process of its own.
local function sql_command(t, statements)
    t:tool("sql", "$(pkg-config --cflags --libs sqlite3)")
    return "./sql spurn.db " .. quote(statements)
end

-- The rows that SQL on the journal answers, each a line of columns with "|" between them.
function T:sql(statements)
    local result = run(("cd %s && %s"):format(quote(self.path), sql_command(self, statements)))
    self:ended(result, 0)
    local rows = {}
    for row in result.out:gsub("done\n$", ""):gmatch "([^\n]*)\n" do
        rows[#rows + 1] = row
    end
    return rows
end

-- The same in the background, and what it began is held for so many seconds.
function T:hold(statements, seconds)
    local holder = self:start(("%s %d"):format(sql_command(self, statements), seconds))
    self:becomes(5, "a lock", function() return read_file(holder.out) == "done\n" end)
    return holder
end

-- Runs spurn at a terminal of its own, of so many columns; what the screen shows is in `out`. `typed` is typed once it
-- asks.
function T:at_terminal(arguments, options)
    options = options or {}
    self:folder { typed = options.typed or "", screen = "" }
    local command = ("stty cols %d; exec env TERM=xterm HOME=%s %s %s %s/spurn %s"):format(options.columns or 80,
        quote(self.path), program.KEYS, options.environment or "", quote(program.build), arguments)
    local keyboard = options.typed and
        "(for n in $(seq 100); do grep -qF '[y/N]' screen && break; sleep 0.05; done; cat typed) |" or ""
    return run(("cd %s && %s script -qefc %s screen"):format(quote(self.path), keyboard, quote(command)))
end

-- Starts something that takes every connection and answers none: { url, heard() }. heard() lists each one's first line.
function T:listener()
    local make = ("%s -D_POSIX_C_SOURCE=200809L %s -o listener %s/tests/program/listener.c"):format(
        os.getenv "CC" or "cc", os.getenv "CFLAGS" or "", quote(program.root))
    self:ended(run(("cd %s && %s"):format(quote(self.path), make)), 0)
    local process = self:start "./listener"
    local function url()
        return (read_file(process.out) or ""):match "listening on (%S+)\n"
    end
    self:becomes(5, "a port", url)
    local function heard()
        local lines = {}
        for line in read_file(process.out):gmatch "heard ([^\n]*)\n" do
            lines[#lines + 1] = line
        end
        return lines
    end
    return { url = url(), heard = heard }
end

-- Starts an https server that nobody has signed but itself: { url, authorities }. It answers a GET of /answer with this
-- JSON; `authorities` is the file that trusts it.
function T:https_server(json)
    self:folder { ["tls/answer"] = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" .. json }
    local folder = self.path .. "/tls"
    self:ended(run(("cd %s && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost " ..
        "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"):format(quote(folder))), 0)
    local process = self:start(("sh -c 'cd %s && exec openssl s_server -HTTP -accept 127.0.0.1:0 -cert cert.pem " ..
        "-key key.pem'"):format(folder))
    local port = self:becomes(5, "a port", function()
        return (read_file(process.out) or ""):match "ACCEPT 127%.0%.0%.1:(%d+)"
    end)
    return { url = "https://127.0.0.1:" .. port, authorities = folder .. "/cert.pem" }
end

-- How many rows of a report have `field` equal to `value`.
function program.count(rows, field, value)
    local n = 0
    for _, row in ipairs(rows) do
        if row[field] == value then
            n = n + 1
        end
    end
    return n
end

-- The reject calls that reached the emulator, as its ledger has them.
function program.rejections(emulator)
    local calls = {}
    for _, entry in ipairs(emulator.ledger()) do
        if entry.op == "RejectResourceShareInvitation" then
            calls[#calls + 1] = entry
        end
    end
    return calls
end

-- ---- usual scenarios ----

program.AWS_ACCOUNT = "111122223333"
program.ALIBABA_ACCOUNT = "1234567890123456"

-- One AWS account with `invitations` in us-east-1.
function program.aws(invitations)
    return { schema = 1, accounts = { { cloud = "aws", id = program.AWS_ACCOUNT,
        keys = { { id = "AKIDEXAMPLE", secret = "secret" } },
        regions = { { name = "us-east-1", invitations = invitations } } } } }
end

-- The same and an Alibaba Cloud account with `others` in cn-hangzhou.
function program.both(invitations, others)
    local scenario = program.aws(invitations)
    scenario.accounts[2] = { cloud = "alibaba", id = program.ALIBABA_ACCOUNT,
        keys = { { id = "LTAIEXAMPLE", secret = "secret" } },
        regions = { { name = "cn-hangzhou", invitations = others } } }
    return scenario
end

-- A configuration for the targets that `emulator` plays.
function program.config(emulator, more)
    local lines = { 'journal = "spurn.db"',
        ('aws { account = "%s", regions = { "us-east-1" }, endpoint = "%s" }'):format(
            program.AWS_ACCOUNT, emulator.url) }
    if emulator.alibaba["cn-hangzhou"] then
        lines[#lines + 1] = ('alibaba { account = "%s", regions = { "cn-hangzhou" }, endpoint = "%s" }'):format(
            program.ALIBABA_ACCOUNT, emulator.alibaba["cn-hangzhou"])
    end
    lines[#lines + 1] = more or 'policy "policy.lua"'
    return table.concat(lines, "\n") .. "\n"
end

program.REJECT_ALL = 'reject "everything" (always)\n'

-- ---- the run ----

local function run_one(path, case)
    local folder = io.popen("mktemp -d"):read("l")
    local t = setmetatable({ path = folder, processes = {} }, T)
    local ok, problem = pcall(case.body, t)
    for _, process in ipairs(t.processes) do
        t:signal(process, "KILL")
        wait_for(5, function() return number_in(process.ended) end)
    end
    os.execute("rm -rf " .. quote(folder))
    if ok then
        return true
    end
    if type(problem) == "table" then
        print(("FAIL %s:%d: %s: %s"):format(problem.at.short_src, problem.at.currentline, case.name, problem.text))
    else
        print(("FAIL %s: %s: %s"):format(path, case.name, problem))
    end
    return false
end

function program.run(path)
    local passed, failed = 0, 0
    for _, case in ipairs(tests) do
        if run_one(path, case) then
            passed = passed + 1
        else
            failed = failed + 1
        end
    end
    if #tests == 0 then
        print("FAIL " .. path .. ": no tests")
        failed = 1
    end
    print(("%d passed, %d failed"):format(passed, failed))
    return failed == 0
end

return program
