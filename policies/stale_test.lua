-- What stale.lua promises.
policy "stale.lua" { after = "6h" }

test "an old one goes" {
    age = "7h12m",
    expect = "reject", rule = "unanswered", reason = "nobody answered for 7h12m",
}
test "the last minute counts" {
    age = "6h",
    expect = "reject", rule = "unanswered",
}
test "a young one stays" {
    age = "5h59m",
    expect = "none", undecided = false,
}
test "one with no date stays" {
    created = false,
    expect = "none",
}
test "one from the future stays" {
    now = "2026-01-15T12:00:00Z", created = "2026-01-16T12:00:00Z",
    expect = "none",
}
test "age is counted across the turn of the year" {
    now = "2026-01-01T03:00:00Z", created = "2025-12-31T20:00:00Z",
    expect = "reject", reason = "nobody answered for 7h",
}
