-- What odd-hours.lua promises without a night.
policy "odd-hours.lua" { hours = "", days = "fri sat", zone = "+03:00" }

test "nights are free" {
    now = "2026-01-15T12:00:00Z", created = "2026-01-15T01:00:00Z",
    expect = "none", undecided = false,
}
test "the weekend is what you say it is" {
    now = "2026-01-16T12:00:00Z", created = "2026-01-16T09:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "it begins by the clock of the zone" {
    now = "2026-01-15T23:00:00Z", created = "2026-01-15T21:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "Sunday is a day like others" {
    now = "2026-01-18T12:00:00Z", created = "2026-01-18T09:00:00Z",
    expect = "none", undecided = false,
}
