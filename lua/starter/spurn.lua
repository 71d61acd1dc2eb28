-- spurn.lua - what spurn watches, and who decides.
--
--   spurn check    loads everything here and says what it understood
--   spurn doctor   tries the keys of every target: whose they are, and what they may do
--   spurn test     runs the tests beside the policies
--   spurn plan     asks the clouds and shows what would be rejected; changes nothing
--   spurn apply    rejects, after asking
--   spurn explain  says why an invitation went or stayed

journal = "spurn.db" -- everything that was decided, and what came of it

-- Where invitations arrive: keys come from the environment, or from a profile. Say which account it is, as in
-- account = "111122223333", and an invitation that was sent to another one is noticed.
aws { regions = { "us-east-1" } }
-- aws     { profile = "prod",    regions = { "us-east-1", "eu-west-1" } }
-- alibaba { profile = "default", regions = { "cn-hangzhou" } }
-- Many accounts, roles, all regions, a whole organization: examples/accounts/README.md in spurn's source.

-- Who decides: put your own account ids here.
policy "policies/strangers.lua" { ours = { "111122223333" } }
-- policy "policies/new.lua" { mode = "observe" } -- only records what it would have rejected

-- How much one hour may take, whatever the policies say.
limits { rejections = 200, percent = 80 }

-- How often `spurn daemon` looks.
daemon { every = "15m", jitter = "1m" }
