-- A portal or a container going wrong: one line says which and what to do, no other keys are used, nothing is rejected.
local program = require "program"
local keys_aws = require "keys_aws"
local test = program.test

local NO_JSON <const>, NO_END <const> = "expected an object", "it ends too early"
local PORTAL <const> = "answered 403: The emulator was told to deny this; see that sso_account_id and sso_role_name"
local CONTAINER <const> = "answered 403 AccessDeniedException: The emulator was told to deny this"

for _, row in ipairs {
    { "single sign-on", "portal", PORTAL }, { "role with single sign-on", "portal", PORTAL },
    { "EKS Pod Identity", "container", CONTAINER }, { "ECS", "container", CONTAINER },
    { "credential_source = EcsContainer", "container", CONTAINER },
} do
    local name, op, refused = table.unpack(row)
    keys_aws.fail_on_wire(name, op, { page = NO_JSON, cut = NO_END, refused = refused })
end

test "a container that never answers is waited for and given up in bounded time" (function(t)
    local case = keys_aws.case(t, "EKS Pod Identity")
    case.emulator.fault { "slow=60000:op=container" }
    local began = os.time()
    local plan = case:spurn "plan --format json"
    t:ended(plan, 1, "cannot use the container's role: no reply from ")
    t:truth(os.time() - began < 30, "less than 30 s")
    t:equal(case:calls().container, 3)
    case:is_discreet { plan }
end)
