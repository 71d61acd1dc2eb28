-- What strangers.lua promises. What a test leaves out is ordinary: AWS, us-east-1, sender 999999999999, an hour old.
policy "strangers.lua" { ours = { "111122223333" } }

test "our own accounts are kept" {
    sender = "111122223333", age = "9d",
    expect = "keep", rule = "our own accounts",
}
test "a stranger has six hours to be welcomed" {
    age = "5h59m",
    expect = "none",
}
test "then it goes" {
    age = "7h",
    expect = "reject", rule = "unanswered", reason = "999999999999 is not one of ours, 7h old",
}
test "one with no date stays" {
    created = false,
    expect = "none",
}
