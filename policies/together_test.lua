-- What the policies promise when they are asked together: each may reject, none gets in another's way, and what one of
-- them keeps no other takes away.
policy "trusted.lua"          { trusted = { "111122223333" } }
policy "look-alikes.lua"      { names = { "network-subnets" }, trusted = { "111122223333", "444455556666" } }
policy "repeat-offenders.lua"
policy "resolver-rules.lua"   { trusted = { "111122223333", "444455556666" } }
policy "region-fence.lua"     { regions = { "us-east-1", "cn-hangzhou" } }
policy "odd-hours.lua"
policy "about-to-expire.lua"
policy "flood.lua"
policy "blocked-names.lua"
policy "stale.lua"            { after = "6h" }

test "an honest invitation is left to people" {
    resources = { "ec2:Subnet" },
    expect = "none", undecided = false,
}
test "what nobody could read is left to people, and holds nothing up" {
    resources = false,
    expect = "none",
}
test "a friend is kept, whatever all the others say" {
    sender = "111122223333", name = "FREE-trial of netw0rk\u{200B}subnets", region = "ap-south-1", age = "6d23h",
    resources = { "route53resolver:ResolverRule" }, rejected = { "1d", "2d", "3d" }, seen = 30,
    expect = "keep", rule = "trusted sender",
}
test "look-alikes.lua rejects beside the others" {
    name = "network-5ubnets",
    expect = "reject", rule = "like one of ours",
}
test "repeat-offenders.lua does" {
    rejected = { "2d", "3d", "4d" },
    expect = "reject", rule = "repeat offender",
}
test "resolver-rules.lua does" {
    resources = { "route53resolver:ResolverRule" },
    expect = "reject", rule = "name resolution",
}
test "region-fence.lua does" {
    region = "ap-south-1",
    expect = "reject", rule = "outside the fence",
}
test "odd-hours.lua does" {
    now = "2026-01-17T12:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "about-to-expire.lua does" {
    now = "2026-01-15T19:30:00Z", age = "11h15m", resources = { "glue:Table" },
    expect = "reject", rule = "about to expire",
}
test "flood.lua does" {
    seen = 10,
    expect = "reject", rule = "flood",
}
test "blocked-names.lua does" {
    name = "gift-card",
    expect = "reject", rule = "blocked name",
}
test "stale.lua does" {
    age = "6h", resources = false,
    expect = "reject", rule = "unanswered",
}
test "who is spared by one policy is not spared by the others" {
    sender = "444455556666", name = "network-5ubnets", resources = { "route53resolver:ResolverRule" }, age = "6h",
    expect = "reject", rule = "unanswered", reason = "nobody answered for 6h",
}
test "one that could be anybody's is held" {
    sender = false, age = "9h",
    expect = "none", undecided = true, rule = "trusted sender",
}
