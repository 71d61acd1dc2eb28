-- What repeat-offenders.lua promises.
policy "repeat-offenders.lua" { times = 3, within = "30d" }

test "the fourth time is enough" {
    age = "1m", rejected = { "2d", "9d", "20d" },
    expect = "reject", rule = "repeat offender", reason = "999999999999 was turned away 3 times or more within 30d",
}
test "twice may happen" {
    rejected = { "2d", "9d" },
    expect = "none", undecided = false,
}
test "what is long ago is forgotten" {
    rejected = { "2d", "9d", "31d" },
    expect = "none", undecided = false,
}
test "what was listed and not turned away does not count" {
    seen = { "1d", "2d", "3d", "4d" },
    expect = "none", undecided = false,
}
test "a journal that is too young to know has no opinion" {
    rejected = { "1d", "2d" }, journal = "3d",
    expect = "none",
}
test "a young journal that knows enough has one" {
    rejected = { "1d", "2d", "2d" }, journal = "3d",
    expect = "reject",
}
test "nobody is an offender without a journal" {
    journal = false,
    expect = "none",
}
