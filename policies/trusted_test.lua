-- What trusted.lua promises.
policy "trusted.lua" { trusted = { "111122223333", "1111222233334444" } }

test "a trusted sender is kept" {
    sender = "111122223333",
    expect = "keep", rule = "trusted sender", reason = "111122223333 is trusted",
}
test "so is one of the other cloud" {
    cloud = "alibaba", sender = "1111222233334444",
    expect = "keep", rule = "trusted sender",
}
test "a stranger is none of its business" {
    sender = "999999999999",
    expect = "none", undecided = false,
}
