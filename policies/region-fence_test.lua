-- What region-fence.lua promises.
policy "region-fence.lua" { regions = { "eu-*", "us-east-1", "cn-hangzhou" } }

test "a region that nobody uses" {
    region = "ap-south-1",
    expect = "reject", rule = "outside the fence", reason = "we have nothing in ap-south-1",
}
test "a region by its name" {
    region = "us-east-1",
    expect = "none", undecided = false,
}
test "a region by a glob" {
    region = "eu-central-2",
    expect = "none", undecided = false,
}
test "its neighbour has another name" {
    region = "us-east-2",
    expect = "reject",
}
test "the fence goes round both clouds" {
    cloud = "alibaba", region = "ap-southeast-1",
    expect = "reject", rule = "outside the fence",
}
test "and has a gate in both" {
    cloud = "alibaba", region = "cn-hangzhou",
    expect = "none", undecided = false,
}
test "a region that nobody knows is no reason" {
    region = false,
    expect = "none",
}
