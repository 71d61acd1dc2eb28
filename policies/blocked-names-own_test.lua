-- What blocked-names.lua promises with names of your own.
policy "blocked-names.lua" { names = { "tmp-?", "*casino*" } }

test "a name of your own goes" {
    name = "Grand Casino Night",
    expect = "reject", rule = "blocked name",
}
test "a question mark is exactly one character" {
    name = "tmp-1",
    expect = "reject", rule = "blocked name",
}
test "the whole name counts" {
    name = "tmp-12",
    expect = "none", undecided = false,
}
test "the names that came along are gone" {
    name = "free trial",
    expect = "none", undecided = false,
}
