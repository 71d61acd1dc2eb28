-- What odd-hours.lua promises without a weekend.
policy "odd-hours.lua" { days = "" }

test "nights begin at eight in the evening, in UTC" {
    now = "2026-01-17T21:00:00Z", created = "2026-01-17T20:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "a Saturday at noon is free" {
    now = "2026-01-17T13:00:00Z", created = "2026-01-17T12:00:00Z",
    expect = "none", undecided = false,
}
