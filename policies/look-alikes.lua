-- Rejects invitations whose share has a name that imitates one of yours, or that of a well-known service.
--
--   policy "policies/look-alikes.lua" { names = { "network-subnets" }, trusted = { "111122223333" } }
--
-- `names` are your own shares' names, whole; `trusted` are the accounts that may use them, and any name they like.
-- What is taken for a letter counts as that letter: "Netw0rk_Subnetts" is read as network-subnets, and "arnazon" as
-- amazon. A stranger's share that has exactly your name goes too; a service's name may be used as it is written, in
-- whatever letter case: many an honest share has it. Two rules look at the letters alone: Cyrillic or Greek ones
-- within a Latin word, and characters that nobody sees.

local p = params {
    names = required "the names of your own shares",
    trusted = required "the account ids that may use them",
    services = { "amazon", "aws", "alibaba", "aliyun", "cloudtrail", "guardduty", "lakeformation", "route53" },
}

-- What is easily taken for a letter.
local seen_as = {
    a = "4 а α á à â ä ã å", b = "в ь", c = "с ς ç", d = "ԁ", e = "3 е ε é è ê ë", g = "ɡ", h = "һ", j = "ј",
    k = "к κ", l = "1 i ı і ι í ì î ï ӏ", n = "п η ñ", o = "0 о ο ø ó ò ô ö õ", p = "р ρ", r = "г",
    s = "5 ѕ", t = "7 т τ", u = "υ μ ú ù û ü", v = "ν", w = "ѡ ω", x = "х χ", y = "у γ ý ÿ", z = "2 ζ",
}

local letter_of = {}
for letter, others in pairs (seen_as) do
    for other in others:gmatch "%S+" do
        letter_of[other] = letter
    end
end

-- The same for whatever a hurried reader takes for the same.
local function fold(text)
    text = text:lower():gsub(utf8.charpattern, letter_of):gsub("[%s%p]", ""):gsub("rn", "m"):gsub("vv", "w")
    local doubled
    repeat
        text, doubled = text:gsub("(.)%1", "%1")
    until doubled == 0
    return text
end

local names = p.names
if type (names) == "string" then
    names = { names }
end

local is_ours, service_of = {}, {}
for _, own in ipairs (names) do
    if own:find "[*?]" then
        error ("names: write the whole name, not the glob " .. own)
    end
    is_ours[fold (own)] = true
end
for _, service in ipairs (p.services) do
    service_of[fold (service)] = service:lower()
end

local function imitates_us(inv)
    return is_ours[fold (inv.name)] == true
end

local function imitates_a_service(inv)
    for part in inv.name:gmatch "[^%s%p]+" do
        local service = service_of[fold (part)]
        if service ~= nil and service ~= part:lower() then
            return true
        end
    end
    return false
end

local mixed = name_regex [=[\p{Latin}[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{Latin}]=]
local unseen = name_regex [=[[\p{Cc}\x{AD}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]]=]
local trusted = sender (p.trusted)

reject "like one of ours"  { imitates_us, unless = trusted, reason = "{name} is not from us: {sender} sent it" }
reject "like a service"    { imitates_a_service, unless = trusted, reason = "{name} is not what it reads like" }
reject "mixed alphabets"   { mixed, unless = trusted, reason = "{name} mixes alphabets within a word" }
reject "hidden characters" { unseen, unless = trusted, reason = "there are characters in its name that nobody sees" }
