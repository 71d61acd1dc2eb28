-- What blocked-names.lua promises with the names it brings along.
policy "blocked-names.lua"

test "advertising goes" {
    name = "Your PROMO-code inside",
    expect = "reject", rule = "blocked name", reason = "its name is blocked: Your PROMO-code inside",
}
test "capitals make no difference" {
    name = "FREE TRIAL",
    expect = "reject", rule = "blocked name",
}
test "a link goes" {
    name = "see https://example.com/now",
    expect = "reject", rule = "blocked name",
}
test "a link without a scheme goes" {
    name = "www.example.com",
    expect = "reject", rule = "blocked name",
}
test "an ordinary name stays" {
    name = "network-subnets-eu",
    expect = "none", undecided = false,
}
test "a name that only resembles one stays" {
    name = "artifact-promotion-freeipa",
    expect = "none", undecided = false,
}
test "no name is no reason" {
    name = false,
    expect = "none",
}
