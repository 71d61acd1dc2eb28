-- data.lua FOLDER [COUNT] - makes the invitations and the lists that every engine of this bench is given: 60 of 100
-- come from one of 1,000 trusted senders, 10 have a name that a glob hits, 10 are older than 7 days.
--
-- Writes invitations.tsv (sender, name, age in seconds), invitations.json, senders.txt, globs.txt.

local folder, count = arg[1], tonumber(arg[2] or "100000")

local globs = {
    "*promo*", "*free*", "*winner*", "*gift*card*", "*bonus*", "*crypto*", "*lottery*", "*discount*", "*casino*",
    "*prize*", "*urgent*", "*verify*account*", "ad-*", "offer-*", "deal-*", "sale-*", "*-for-you", "*.example", "*-now",
    "*-click-here",
}
local hits = {
    "spring-promo-%d", "get-free-%d", "winner-%d", "gift-your-card-%d", "bonus-%d", "crypto-%d", "ad-%d", "offer-%d",
    "deal-%d", "sale-%d", "all-%d-for-you", "site%d.example", "act-%d-now", "%d-click-here", "urgent-%d",
    "my-lottery-%d",
}
local plain = {
    "shared-subnets-%d", "transit-gateway-%d-prod", "resolver-rules-team-%d", "network-hub-eu-%d",
    "data-lake-share-%d",
    "license-pool-%d", "vpc-endpoints-%d-staging", "backup-vault-%d", "platform-images-%d", "dns-zone-%d-internal",
}

-- A seeded generator of our own: the same numbers on every machine and with every Lua.
local state = 20261122
local function random(n)
    state = (state * 6364136223846793005 + 1442695040888963407)
    return (state >> 33) % n
end

local function write(name, body)
    local file = assert(io.open(folder .. "/" .. name, "w"))
    assert(file:write(body))
    assert(file:close())
end

local senders = {}
for i = 1, 1000 do
    senders[i] = string.format("%012d", 100000000000 + i * 7919)
end

local rows, objects = {}, {}
for i = 1, count do
    local stranger = string.format("%012d", 500000000000 + random(1000000))
    local sender = random(100) < 60 and senders[random(1000) + 1] or stranger
    local names = random(100) < 10 and hits or plain
    local name = string.format(names[random(#names) + 1], random(100000))
    local age = random(100) < 10 and 7 * 86400 + random(86400) or random(7 * 86400)
    rows[i] = string.format("%s\t%s\t%d\n", sender, name, age)
    objects[i] = string.format('{"sender":"%s","name":"%s","age":%d}', sender, name, age)
end

write("senders.txt", table.concat(senders, "\n") .. "\n")
write("globs.txt", table.concat(globs, "\n") .. "\n")
write("invitations.tsv", table.concat(rows))
write("invitations.json", "[" .. table.concat(objects, ",\n") .. "]\n")
