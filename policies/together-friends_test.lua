-- What two policies promise together that each keep some and reject everybody else.
policy "unknown-senders.lua" { trusted = { "444455556666" }, grace = "2h" }
policy "allow-list.lua"      { file = "allow-list_test.txt" }

test "a friend of the one is safe from the other" {
    sender = "444455556666", age = "9h",
    expect = "keep", rule = "trusted sender",
}
test "and the other way round" {
    sender = "111122223333", age = "9h",
    expect = "keep", rule = "partner",
}
test "the stricter one decides about strangers" {
    age = "1m",
    expect = "reject", rule = "not on the list",
}
test "one that could be anybody's is held" {
    sender = false, age = "9h",
    expect = "none", undecided = true,
}
