-- Rejects invitations in regions that you do not use.
--
--   policy "policies/region-fence.lua" { regions = { "eu-*", "us-east-1", "cn-hangzhou" } }
--
-- A quiet region is where nobody looks. Let spurn.lua list more regions than you use, and name here the ones that you
-- do use, as names or globs. Name those of both clouds: what is not named is outside. What is global at AWS is shared
-- from us-east-1, so leave that one in.

local p = params { regions = required "the regions that you use" }

reject "outside the fence" { ~region (p.regions), reason = "we have nothing in {region}" }
