-- What allow-list.lua promises.
policy "allow-list.lua" { file = "allow-list_test.txt" }

test "a partner is kept" {
    sender = "111122223333", age = "9d",
    expect = "keep", rule = "partner",
}
test "a leading zero is part of the id" {
    sender = "012345678901",
    expect = "keep", rule = "partner",
}
test "a partner of the other cloud is kept" {
    cloud = "alibaba", sender = "1111222233334444",
    expect = "keep", rule = "partner",
}
test "everybody else goes" {
    sender = "999999999999",
    expect = "reject", rule = "not on the list", reason = "999999999999 is not on the list of partners",
}
test "everybody else goes at once, whatever the date" {
    sender = "999999999999", created = false,
    expect = "reject", rule = "not on the list",
}
test "a sender that nobody knows is held, not rejected" {
    sender = false,
    expect = "none", undecided = true, rule = "partner",
}
