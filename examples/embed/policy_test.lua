-- policy_test.lua - what the example's policy does, and what it must not.
policy "policy.lua"

test "our own accounts may name things as they like" {
    sender = "111122223333", name = "free disk", expect = "keep", rule = "our own accounts",
}
test "strangers who are loud go" {
    sender = "999999999999", name = "a promo", expect = "reject", rule = "advertising",
    reason = "999999999999 advertises as a promo",
}
test "strangers who are not may stay" { name = "subnets", expect = "none" }
