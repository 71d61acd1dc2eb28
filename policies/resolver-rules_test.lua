-- What resolver-rules.lua promises.
policy "resolver-rules.lua" { trusted = { "111122223333" } }

test "a stranger's resolver rule goes" {
    resources = { "route53resolver:ResolverRule" },
    expect = "reject", rule = "name resolution", reason = "999999999999 would answer our DNS queries, or see them",
}
test "so does its DNS firewall" {
    resources = { "route53resolver:FirewallRuleGroup" },
    expect = "reject", rule = "name resolution",
}
test "so does its profile" {
    resources = { "route53profiles:Profile" },
    expect = "reject", rule = "name resolution",
}
test "one among many is enough" {
    resources = { "ec2:Subnet", "ec2:TransitGateway", "route53resolver:ResolverRule" },
    expect = "reject", rule = "name resolution",
}
test "your own may" {
    sender = "111122223333", resources = { "route53resolver:ResolverRule" },
    expect = "none", undecided = false,
}
test "a subnet answers no queries" {
    resources = { "ec2:Subnet" },
    expect = "none", undecided = false,
}
test "what could not be read is no reason" {
    resources = false,
    expect = "none",
}
test "what is shared at Alibaba Cloud cannot be known, and is not asked" {
    cloud = "alibaba",
    expect = "none", undecided = false,
}
