-- What loads and is hardly meant is told by spurn check, and changes nothing else.
local program = require "program"
local test = program.test

local CONFIG <const> = 'journal = "spurn.db"\naws { account = "111122223333", regions = { "us-east-1" } }\n'
local TWICE <const> = 'policy "policy.lua"\npolicy "policy.lua"%s\n'

local function day(from_now)
    return os.date("!%Y-%m-%d", os.time() + from_now * 24 * 3600)
end

-- { policy, what the warning holds or nil for none, configuration or nil for the usual }
local CASES <const> = {
    { 'reject "x" (name "promo*")' },
    { 'reject "x" (name "promo")', 'policy.lua:1: reject "x" is about this whole name alone' },
    { 'reject "x" (name "promo" & cloud "aws")' },
    { 'reject "x" (older "6d23h")' },
    { 'reject "x" (older "7d")', 'reject "x" is never reached: invitations expire after 7 days' },
    { 'reject "x" (~older "7d")' },
    { 'keep "x" (always)\nreject "y" (always)', 'policy.lua:1: keep "x" keeps everything' },
    { 'keep "x" (always)\nreject "y" (always)', nil, CONFIG .. 'policy "policy.lua" { only = { cloud = "aws" } }' },
    { ('reject "x" { always, ends = "%s" }'):format(day(-2)), 'reject "x" ended with ' .. day(-2) },
    { ('reject "x" { always, ends = "%s" }'):format(day(10)), 'reject "x" ends soon, with ' .. day(10) },
    { ('reject "x" { always, ends = "%s" }'):format(day(20)) },
    { 'reject "x" (always)', "policy.lua is listed twice (", CONFIG .. TWICE:format "" },
    { 'reject "x" (always)', nil, CONFIG .. TWICE:format ' { only = { cloud = "aws" } }' },
    { 'reject "x" (always)', "/none is not there", CONFIG:gsub("spurn.db", "none/spurn.db") .. 'policy "policy.lua"' },
}

test "what is hardly meant gets one warning, and what is meant none" (function(t)
    for _, case in ipairs(CASES) do
        local policy, warning, config = case[1], case[2], case[3]
        t:folder { ["policy.lua"] = policy, ["spurn.lua"] = config or CONFIG .. 'policy "policy.lua"' }
        local check = t:spurn "check --format json"
        t:ended(check, 0)
        t:equal(#check.json.warnings, warning and 1 or 0, "warnings about " .. policy)
        if warning then
            t:holds(check.json.warnings[1], warning)
        end
    end
end)
