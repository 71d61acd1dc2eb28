-- policy_test.lua - what the demo's policy does, and what it must not.
policy "policy.lua"

test "our own accounts may name things as they like" {
    sender = "444455556666", name = "promo assets, free for all", age = "9h",
    expect = "keep", rule = "our own accounts",
}
test "a partner may wait" { sender = "210987654321", age = "9h", expect = "keep", rule = "partner Northwind" }
test "advertising goes at once" {
    sender = "999999999999", name = "FREE credits", age = "1m",
    expect = "reject", rule = "advertising", reason = "999999999999 advertises",
}
test "what nobody answered goes" { age = "6h", expect = "reject", rule = "unanswered" }
test "what is fresh waits" { name = "invoices", age = "5h59m", expect = "none" }
test "names that move the cursor go"   { name = "a\27[2J", age = "1m", expect = "reject", rule = "made to deceive" }
test "names that turn the reader's eye go" {
    name = "invoice\u{202E}gnp.exe", age = "1m",
    expect = "reject", rule = "made to deceive",
}
