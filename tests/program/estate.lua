-- estate.lua - what tests of many accounts share: accounts with roles, their configuration, and what was asked for.
local program = require "program"

local estate = {}

local HOMES <const> = { aws = program.AWS_ACCOUNT, alibaba = program.ALIBABA_ACCOUNT }
local IDS <const> = { aws = "2%011d", alibaba = "2%015d" }
local REGIONS <const> = { aws = "us-east-1", alibaba = "cn-hangzhou" }
local SENDERS <const> = { aws = "999999999999", alibaba = "9999999999999999" }

-- The id of the account of that number.
function estate.id(cloud, number)
    return IDS[cloud]:format(number)
end

-- A list of so many ids, from number `first` to number `last`.
function estate.ids(cloud, first, last)
    local ids = {}
    for number = first, last do
        ids[#ids + 1] = estate.id(cloud, number)
    end
    return ids
end

-- { "a", "b" } as the configuration writes it.
function estate.quoted(list)
    return '{ "' .. table.concat(list, '", "') .. '" }'
end

-- One invitation that nobody wants, in each of these regions.
function estate.regions(cloud, names)
    local regions = {}
    for i, name in ipairs(names) do
        regions[i] = { name = name, invitations = { { sender = SENDERS[cloud], name = "x" } } }
    end
    return regions
end

-- Adds an account with one invitation and a role that the usual account may assume; `more` replaces its members.
function estate.add(scenario, cloud, id, more)
    local account = { cloud = cloud, id = id, roles = { { name = "spurn", trusts = { HOMES[cloud] } } },
        regions = estate.regions(cloud, { REGIONS[cloud] }) }
    for key, value in pairs(more or {}) do
        account[key] = value
    end
    scenario.accounts[#scenario.accounts + 1] = account
    return account
end

-- A policy that rejects everything, past the safety belts, and a configuration of these targets; more files and words.
function estate.configure(t, targets, files, more)
    local all = { ["policy.lua"] = program.REJECT_ALL, ["spurn.lua"] = 'journal = "spurn.db"\n' .. targets ..
        'policy "policy.lua"\n' .. (more or "limits { percent = 100, rejections = 1000 }\n") }
    for path, text in pairs(files or {}) do
        all[path] = text
    end
    t:folder(all)
end

function estate.apply(t, options)
    return t:spurn("-c spurn.lua apply --yes --format json", options)
end

-- How often each operation was asked for: { ["assume ok"] = 3 }, 0 for all that never was; with `by`, only where the
-- ledger says so: { account = "111122223333" }.
function estate.asked(emulator, by)
    local counts = {}
    for _, entry in ipairs(emulator.ledger()) do
        local is_meant = true
        for field, value in pairs(by or {}) do
            is_meant = is_meant and entry[field] == value
        end
        local key = entry.op .. " " .. entry.result
        counts[key] = (counts[key] or 0) + (is_meant and 1 or 0)
    end
    return setmetatable(counts, { __index = function() return 0 end })
end

-- The rows of a report's targets with that status, in order.
function estate.targets(result, status)
    local rows = {}
    for _, row in ipairs(result.json.targets) do
        if row.status == status then
            rows[#rows + 1] = row
        end
    end
    return rows
end

-- The one target of an account, and of a region where that is given.
function estate.target(result, account, region)
    for _, row in ipairs(result.json.targets) do
        if row.account == account and (not region or row.region == region) then
            return row
        end
    end
end

-- So many invitations were rejected, none of them twice; and the journal says the same.
function estate.rejected(t, emulator, result, count)
    local seen, done = {}, 0
    for _, call in ipairs(program.rejections(emulator)) do
        if call.result == "ok" then
            t:equal(seen[call.id], nil, "a second rejection of " .. call.id)
            seen[call.id] = true
            done = done + 1
        end
    end
    t:equal(done, count, "rejections")
    t:equal(result.json.summary.rejected, count, "rejections that the report has")
    t:ended(t:spurn "verify", 0)
end

return estate
