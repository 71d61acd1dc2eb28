-- Rejects shares of DNS resolver rules, firewalls, logs and profiles from accounts that are not yours.
--
--   policy "policies/resolver-rules.lua" { trusted = { "111122223333" } }
--
-- Whoever accepts a resolver rule, and associates it with a network, lets the sender answer for its names: a stranger
-- could send your traffic anywhere. `types` are the types in question, as AWS writes them, globs too: add
-- "ec2:TransitGateway" or "ec2:PrefixList" if you like. What an invitation shares is known at AWS only. It takes one
-- more call for each stranger's invitation, and the right to ram:ListPendingInvitationResources; where it cannot be
-- read, the invitation stays.

local p = params {
    trusted = required "the account ids that may share such things",
    types = { "route53resolver:*", "route53profiles:*" },
}

reject "name resolution" {
    cloud "aws" & resource_type (p.types),
    unless = sender (p.trusted),
    reason = "{sender} would answer our DNS queries, or see them",
}
