-- STS going wrong: one line says whose role is not assumed and what to do, no other keys are used, nothing is rejected.
local keys_aws = require "keys_aws"

local NO_KEYS <const> = "its answer holds no keys; is something between here and 127.0.0.1:"
local NO_XML <const> = "its answer cannot be read: expected '>'"
local REFUSED <const> = "answered 403 AccessDenied: The emulator was told to deny this; see that the role is there"

for _, row in ipairs {
    { "role of a profile", "assume" }, { "chain of roles", "assume" }, { "role of the target", "assume" },
    { "web identity of a profile", "web_identity" }, { "web identity of the environment", "web_identity" },
} do
    local name, op = table.unpack(row)
    keys_aws.fail_on_wire(name, op, { page = NO_KEYS, cut = NO_XML, refused = REFUSED })
end
