-- What luacheck takes for granted here: Lua 5.4, and the words that each kind of file is given.
std = "lua54"
max_line_length = 120
self = false
exclude_files = {
    "lua/meta", -- declarations for editors: nothing in them is used, or run
    "tests/hostile", -- wrong on purpose
}

-- words: names
local policy_words = {
    "account", "all", "always", "any", "cloud", "created_at", "keep", "list", "name", "name_regex", "none", "older",
    "only_resource_type", "params", "receiver_arn", "region", "reject", "rejected_before", "required", "resource_type",
    "seconds", "seen_before", "sender", "share", "younger",
}
-- end
local modules = { read_globals = { "refuse" } }

files["lua/sheet.lua"] = modules
files["lua/policy.lua"] = modules
files["lua/starter/*.lua"] = { read_globals = policy_words }
files["lua/starter/spurn.lua"] = { globals = { "journal" }, read_globals = { "alibaba", "aws", "daemon", "limits", "policy" } }
files["policies/*.lua"] = { read_globals = policy_words }
files["**/*_test.lua"] = { read_globals = { "policy", "test" } }
files["examples/*/spurn.lua"] = files["lua/starter/spurn.lua"]
files["examples/*/policy.lua"] = { read_globals = policy_words }
files["tests/bench/policy/conditions.lua"] = { read_globals = policy_words }
files["tests/bench/policy/function.lua"] = { read_globals = policy_words }
files["tests/bench/policy/everything.lua"] = { read_globals = policy_words }
