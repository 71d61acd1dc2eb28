-- What odd-hours.lua promises. 15 January 2026 is a Thursday.
policy "odd-hours.lua" { hours = "20:00-07:00", zone = "+01:00" }

test "at night" {
    now = "2026-01-15T12:00:00Z", created = "2026-01-15T02:10:00Z",
    expect = "reject", rule = "odd hour", reason = "sent at 2026-01-15T02:10:00Z, when nobody works",
}
test "the evening begins by the clock of the zone" {
    now = "2026-01-15T20:00:00Z", created = "2026-01-15T19:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "a minute earlier somebody works" {
    now = "2026-01-15T20:00:00Z", created = "2026-01-15T18:59:59Z",
    expect = "none", undecided = false,
}
test "the morning ends the night" {
    now = "2026-01-15T12:00:00Z", created = "2026-01-15T06:00:00Z",
    expect = "none", undecided = false,
}
test "on a Saturday at noon" {
    now = "2026-01-17T12:00:00Z", created = "2026-01-17T11:00:00Z",
    expect = "reject", rule = "odd hour",
}
test "Monday in the zone is no Sunday, though it is one in UTC" {
    now = "2026-01-18T23:45:00Z", created = "2026-01-18T23:30:00Z",
    expect = "reject", -- for it is half past midnight
}
test "when it is looked at makes no difference" {
    now = "2026-01-17T03:00:00Z", created = "2026-01-16T12:00:00Z",
    expect = "none", undecided = false,
}
test "no date is no reason" {
    created = false,
    expect = "none",
}
