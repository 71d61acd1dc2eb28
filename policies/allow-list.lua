-- Rejects everything but what comes from the accounts in a file of partners.
--
--   policy "policies/allow-list.lua" { file = "partners.txt" }
--
-- The file lies beside this policy, or beneath its folder, and holds one account id a line; `#` begins a comment. It
-- may be as long as you like. Whoever stands in it is kept, whatever other policies say; an empty file is an error, not
-- a clean sweep.

local p = params { file = required "the file of partners' account ids, beside the policy" }

local partners = list (p.file)

keep   "partner"          (sender (partners))
reject "not on the list"  { always, reason = "{sender} is not on the list of partners" }
