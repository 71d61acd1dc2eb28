-- What unknown-senders.lua promises.
policy "unknown-senders.lua" { trusted = { "111122223333", "444455556666" }, grace = "2h" }

test "a trusted sender is kept" {
    sender = "111122223333", age = "9d",
    expect = "keep", rule = "trusted sender",
}
test "every trusted sender is kept" {
    sender = "444455556666", age = "9d",
    expect = "keep", rule = "trusted sender",
}
test "a stranger goes once the grace is over" {
    sender = "999999999999", age = "2h",
    expect = "reject", rule = "unknown sender", reason = "999999999999 is not a trusted sender",
}
test "a stranger's invitation waits for so long" {
    sender = "999999999999", age = "1h59m",
    expect = "none", undecided = false,
}
test "an account id is the whole id" {
    sender = "111122223334", age = "1d",
    expect = "reject",
}
test "a sender that nobody knows is held, not rejected" {
    sender = false, age = "1d",
    expect = "none", undecided = true, rule = "trusted sender",
}
test "an age that nobody knows is no reason" {
    sender = "999999999999", created = false,
    expect = "none",
}
test "strangers go on both clouds" {
    cloud = "alibaba", sender = "1999999999999999", age = "3h",
    expect = "reject", rule = "unknown sender",
}
