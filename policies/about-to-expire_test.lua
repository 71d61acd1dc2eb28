-- What about-to-expire.lua promises.
policy "about-to-expire.lua" { before = "1h" }

test "the last of twelve hours" {
    age = "11h", resources = { "glue:Table" },
    expect = "reject", rule = "about to expire", reason = "nobody wanted it for 11h",
}
test "the one before is quiet" {
    age = "10h59m", resources = { "glue:Table" },
    expect = "none", undecided = false,
}
test "what has a week is not at its end after half a day" {
    age = "11h30m", resources = { "ec2:Subnet" },
    expect = "none", undecided = false,
}
test "one thing that has a week is enough for all" {
    age = "11h30m", resources = { "glue:Table", "ec2:Subnet" },
    expect = "none", undecided = false,
}
test "the last hour of a week" {
    age = "6d23h", resources = { "ec2:Subnet" },
    expect = "reject", rule = "about to expire", reason = "nobody wanted it for 6d23h",
}
test "the hour before is quiet" {
    age = "6d22h", resources = { "ec2:Subnet" },
    expect = "none", undecided = false,
}
test "what is shared may be unknown, and then it stays" {
    age = "11h30m", resources = false,
    expect = "none",
}
test "everything has a week at Alibaba Cloud" {
    cloud = "alibaba", age = "6d23h30m",
    expect = "reject", rule = "about to expire",
}
test "half a day is nothing there" {
    cloud = "alibaba", age = "11h30m",
    expect = "none", undecided = false,
}
test "no date is no reason" {
    created = false, resources = { "glue:Table" },
    expect = "none",
}
