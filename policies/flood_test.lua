-- What flood.lua promises.
policy "flood.lua" { times = 3, within = "1d" }

test "one more, after so many" {
    seen = 3,
    expect = "reject", rule = "flood", reason = "999999999999 sent 3 others or more within 1d",
}
test "it does not matter what became of the others" {
    rejected = { "1h", "2h", "23h" },
    expect = "reject", rule = "flood",
}
test "fewer are no flood" {
    seen = 2,
    expect = "none", undecided = false,
}
test "a trickle is no flood" {
    seen = { "1h", "2h", "25h", "2d" },
    expect = "none", undecided = false,
}
test "the first sweep that meets it only takes note" {
    journal = false,
    expect = "none",
}
