-- What look-alikes.lua promises with one name, and services of your own choice.
policy "look-alikes.lua" { names = "billing", trusted = { "111122223333" }, services = { "Northwind" } }

test "one name needs no braces" {
    name = "BiIIing",
    expect = "reject", rule = "like one of ours",
}
test "your own list is watched" {
    name = "n0rthvvind catalogue",
    expect = "reject", rule = "like a service",
}
test "the services that came along are gone" {
    name = "amaz0n",
    expect = "none", undecided = false,
}
