-- What the guides show is run: every Lua block is loaded, every `$ spurn` line is typed. tests/README.md says how.
local program = require "program"
local test = program.test

local GUIDES = { "README.md", "policies/README.md" }
for path in io.popen("ls examples/*/README.md"):lines() do
    GUIDES[#GUIDES + 1] = path
end

-- ---- what a guide shows ----

-- Its fenced blocks: { language, line, text }.
local function blocks_of(path)
    local blocks, block, number = {}, nil, 0
    for line in io.lines(path) do
        number = number + 1
        local fence = line:match "^```(.*)$"
        if fence and block then
            block.text = table.concat(block, "\n") .. "\n"
            blocks[#blocks + 1], block = block, nil
        elseif fence then
            block = { language = fence, line = number }
        elseif block then
            block[#block + 1] = line
        end
    end
    assert(not block, path .. ": a block has no end")
    return blocks
end

-- The file that a block is, as its first line says: a Lua file, or a list. A table of accounts is named in its fence.
local function file_of(block)
    return block.language:match "^csv (%w+%.csv)$"
        or block.language == "lua" and block[1]:match "^%-%- ([%w_/-]+%.lua)$"
        or block.language == "text" and block[1]:match "^# ([%w_/-]+%.txt)$" or nil
end

-- The commands of a block: what stands after `$ spurn ` up to a comment, and the lines that each is said to print.
local function commands_of(block)
    local commands = {}
    for _, line in ipairs(block) do
        local typed = line:gsub("%s+#.*$", ""):match "^%$ spurn (.+)$"
        if typed then
            commands[#commands + 1] = { typed = typed, prints = {} }
        elseif #commands > 0 and line ~= "" then
            table.insert(commands[#commands].prints, line)
        end
    end
    return commands
end

-- Code between backticks that is a whole rule, or a condition, made a rule; else nil.
local function rule_of(code)
    if code:find "…" then
        return nil
    end
    local is_condition = code:find '^[%l_]+ "[^"]*"$' and not code:find "^policy "
    return code:find '^%l+ ".-" [({]' and not code:find "^policy " and code
        or is_condition and ('reject "it" (%s)'):format(code) or nil
end

-- What stands between backticks in the text and can be tried: rules, and the commands that are spoken of.
local function inline_of(path)
    local rules, commands = {}, {}
    local prose = program.read_file(path):gsub("\n```.-\n```", "")
    for code in prose:gmatch "`([^`]+)`" do
        rules[#rules + 1] = rule_of(code)
        commands[#commands + 1] = code:match "^spurn (%l+)"
    end
    return rules, commands
end

local function kind_of(file)
    return file:find "_test%.lua$" and "test" or file:find "spurn%.lua$" and "configuration"
        or (file:find "%.txt$" or file:find "%.csv$") and "list" or "policy"
end

-- The ready policies that a configuration names and the guide does not show.
local function add_ready(files, configuration)
    for named in configuration:gmatch 'policy "(policies/[%w-]+%.lua)"' do
        files[named] = files[named] or program.read_file(named)
    end
end

local function copy_of(files)
    local copy = {}
    for file, text in pairs(files) do
        copy[file] = text
    end
    return copy
end

local function read_guide(path)
    local so_far = {} -- files, as they stand where a block is
    local guide = { path = path, files = {}, nameless = {}, scripts = {},
        by_kind = { test = {}, configuration = {}, policy = {}, list = {} } }
    for _, block in ipairs(blocks_of(path)) do
        local at = ("%s:%d"):format(path, block.line)
        local commands = commands_of(block)
        local file = file_of(block)
        if file then
            local kind = guide.by_kind[kind_of(file)]
            kind[#kind + 1] = { file = file, at = at, text = block.text }
            guide.files[file] = block.text
            so_far[file] = block.text
        elseif block.language == "lua" then
            guide.nameless[#guide.nameless + 1] = at
        elseif #commands > 0 then
            guide.scripts[#guide.scripts + 1] = { at = at, commands = commands, so_far = copy_of(so_far) }
        end
    end
    for _, configuration in ipairs(guide.by_kind.configuration) do
        add_ready(guide.files, configuration.text)
    end
    guide.rules, guide.commands = inline_of(path)
    return guide
end

-- ---- a place where it can be tried ----

-- Both clouds, with something for strangers.lua to reject, and the keys where each cloud's own tools look.
local function clouds(t)
    local emulator = t:emulator(program.both({
        { sender = "999999999999", name = "promo", age = "9h" },
        { sender = "222233334444", name = "ours", age = "9h" },
        { sender = "999999999999", name = "young" },
    }, { { sender = "9999999999999999", name = "stranger", age = "9h" } }))
    local profile = "[%s]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
    t:folder {
        [".aws/credentials"] = profile:format "default" .. profile:format "prod",
        [".aliyun/config.json"] = '{"current":"default","profiles":[{"name":"default","mode":"AK",' ..
            '"access_key_id":"LTAIEXAMPLE","access_key_secret":"secret"}]}',
    }
    return emulator
end

-- Points the folder's configuration at the emulator.
local function redirect(t, emulator)
    local text = program.read_file(t:folder() .. "/spurn.lua")
    if not text or text:find "endpoint" then
        return
    end
    local to = { aws = emulator.url, alibaba = emulator.alibaba["cn-hangzhou"] }
    text = ("\n" .. text):gsub("\n(%l+)(%s+){", function(word, space)
        return to[word] and ('\n%s%s{ endpoint = "%s",'):format(word, space, to[word])
    end)
    t:folder { ["spurn.lua"] = text:sub(2) }
end

-- The newest invitation that the journal knows, by the end of its id, as people would name it.
local function some_id(t)
    local history = t:spurn "history --plans --format json"
    t:ended(history, 0)
    return history.json.decisions[1].id:sub(-12)
end

local function type_in(t, command)
    if command:find "^apply" then
        command = "-c spurn.lua " .. command .. " --yes"
    elseif command:find "%f[%w]ID%f[%W]" then
        command = command:gsub("%f[%w]ID%f[%W]", some_id(t))
    end
    return t:spurn(command, { environment = "" }) -- keys come from the files
end

-- A configuration of the guide loads the policies that it names; one for the others is made here.
local function is_named(guide, file)
    for _, configuration in ipairs(guide.by_kind.configuration) do
        if configuration.text:find(('policy "%s"'):format(file), 1, true) then
            return true
        end
    end
    return false
end

local function check_policy(t, guide, text)
    for _, list in ipairs(guide.by_kind.list) do
        t:folder { [list.file] = list.text }
    end
    t:folder { ["policies/alone.lua"] = text, ["alone.lua"] = 'policy "policies/alone.lua"\n' }
    local check = t:spurn "check -c alone.lua --format json"
    t:ended(check, 0)
    t:truth(#check.json.rules > 0, "rules")
end

-- The guide's files in the test's folder, some as `these` have them: a file may change in the course of a guide.
local function lay_out(t, guide, these)
    t:folder(guide.files)
    t:folder(these)
end

for _, path in ipairs(GUIDES) do
    local guide = read_guide(path)
    for _, at in ipairs(guide.nameless) do
        test(at .. ": a Lua block names its file in its first line")(function(t)
            t:truth(false, "-- policies/x.lua, -- spurn.lua or -- policies/x_test.lua")
        end)
    end
    for _, policy in ipairs(guide.by_kind.policy) do
        if not is_named(guide, policy.file) then
            test(policy.at .. ": the policy loads")(function(t)
                check_policy(t, guide, policy.text)
            end)
        end
    end
    for _, configuration in ipairs(guide.by_kind.configuration) do
        test(configuration.at .. ": the configuration loads, with the policies that it names")(function(t)
            lay_out(t, guide, { [configuration.file] = configuration.text })
            local check = t:spurn("check --format json -c " .. configuration.file)
            t:ended(check, 0)
            t:truth(#check.json.targets > 0, "targets")
            t:equal(table.concat(check.json.warnings, "\n"), "", "warnings")
            t:truth(#check.json.rules > 0, "rules")
        end)
    end
    for _, tests in ipairs(guide.by_kind.test) do
        test(tests.at .. ": the policy's tests pass")(function(t)
            lay_out(t, guide, { [tests.file] = tests.text })
            t:ended(t:spurn("test " .. tests.file), 0)
        end)
    end
    for _, script in ipairs(guide.scripts) do
        test(script.at .. ": every command works, in this order")(function(t)
            local emulator = clouds(t)
            if not script.commands[1].typed:find "^init" then
                lay_out(t, guide, script.so_far)
            end
            local is_online = false
            for _, command in ipairs(script.commands) do
                local typed = command.typed
                is_online = is_online or typed:find "^plan" ~= nil or typed:find "^apply" ~= nil
                redirect(t, emulator)
                local result = type_in(t, typed)
                t:ended(result, 0)
                t:truth(result.out ~= "", "output of spurn " .. typed)
                for _, line in ipairs(command.prints) do
                    t:holds(result.out, line)
                end
            end
            t:equal(emulator.ledger()[1] ~= nil, is_online, "calls to the clouds")
        end)
    end
    for _, rule in ipairs(guide.rules) do
        test(("%s: `%s` loads"):format(path, rule))(function(t)
            check_policy(t, guide, rule)
        end)
    end
    if #guide.commands > 0 then
        test(path .. ": every command that is spoken of is there")(function(t)
            for _, command in ipairs(guide.commands) do
                t:ended(t:spurn(command .. " --help"), 0)
            end
        end)
    end
end
