-- What unknown-senders.lua promises without a grace.
policy "unknown-senders.lua" { trusted = { "111122223333", "1111222233334444" } }

test "a stranger goes at once" {
    age = "1s",
    expect = "reject", rule = "unknown sender",
}
test "a stranger goes though nobody knows the age" {
    created = false,
    expect = "reject", rule = "unknown sender",
}
test "a trusted sender is kept from the first second" {
    sender = "111122223333", age = "1s",
    expect = "keep", rule = "trusted sender",
}
test "a trusted sender of the other cloud is kept" {
    cloud = "alibaba", sender = "1111222233334444",
    expect = "keep", rule = "trusted sender",
}
