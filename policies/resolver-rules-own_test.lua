-- What resolver-rules.lua promises with types of your own choice.
policy "resolver-rules.lua" { trusted = { "111122223333" }, types = { "ec2:TransitGateway", "ec2:Traffic*" } }

test "a type of your own goes" {
    resources = { "ec2:TrafficMirrorTarget" },
    expect = "reject", rule = "name resolution",
}
test "a type without a star is the whole type" {
    resources = { "ec2:TransitGatewayMulticastDomain" },
    expect = "none", undecided = false,
}
test "the types that came along are gone" {
    resources = { "route53resolver:ResolverRule" },
    expect = "none", undecided = false,
}
