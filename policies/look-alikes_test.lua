-- What look-alikes.lua promises.
policy "look-alikes.lua" { names = { "network-subnets", "Billing" }, trusted = { "111122223333" } }

-- ---- your own names ----

test "digits in place of letters are read as letters" {
    name = "netw0rk-5ubnets",
    expect = "reject", rule = "like one of ours", reason = "netw0rk-5ubnets is not from us: 999999999999 sent it",
}
test "the letters of other alphabets are read as Latin ones" {
    name = "вιllιng",
    expect = "reject", rule = "like one of ours",
}
test "capital i is read as l" {
    name = "BiIIing",
    expect = "reject", rule = "like one of ours",
}
test "doubled letters are read as one" {
    name = "networkk-subnettts",
    expect = "reject", rule = "like one of ours",
}
test "blanks, hyphens and letter case make no difference" {
    name = "Network_Sub nets",
    expect = "reject", rule = "like one of ours",
}
test "a stranger may not have the very name either" {
    name = "network-subnets",
    expect = "reject", rule = "like one of ours",
}
test "you may have it" {
    name = "network-subnets", sender = "111122223333",
    expect = "none", undecided = false,
}
test "a longer name is another name" {
    name = "network-subnets-of-northwind",
    expect = "none", undecided = false,
}

-- ---- names of services ----

test "rn is read as m" {
    name = "arnazon connectivity",
    expect = "reject", rule = "like a service", reason = "arnazon connectivity is not what it reads like",
}
test "vv is read as w" {
    name = "shared-avvs-tools",
    expect = "reject", rule = "like a service",
}
test "each part of a name is looked at" {
    name = "logs.from.c1oudtrail",
    expect = "reject", rule = "like a service",
}
test "a service's name may be used as it is" {
    name = "AWS-LakeFormation route53 share",
    expect = "none", undecided = false,
}
test "a name within a longer word is no imitation" {
    name = "lavvsuit-amazonite",
    expect = "none", undecided = false,
}
test "you may play with letters" {
    name = "amaz0n", sender = "111122223333",
    expect = "none", undecided = false,
}

-- ---- letters and characters ----

test "a Cyrillic letter within a Latin word" {
    name = "pаyroll",
    expect = "reject", rule = "mixed alphabets", reason = "pаyroll mixes alphabets within a word",
}
test "a Latin letter within a Greek word" {
    name = "ερyγαλεία",
    expect = "reject", rule = "mixed alphabets",
}
test "words of two alphabets are no mixture" {
    name = "Данные eu-west-1, Ελλάδα, 倉庫",
    expect = "none", undecided = false,
}
test "the micro sign and letters with accents are no mixture" {
    name = "µservice für Zoë",
    expect = "none", undecided = false,
}
test "text that is turned round" {
    name = "invoice\u{202E}gnp.exe",
    expect = "reject", rule = "hidden characters",
    reason = "there are characters in its name that nobody sees",
}
test "a space without width" {
    name = "pay\u{200B}roll",
    expect = "reject", rule = "hidden characters",
}
test "what clears a terminal" {
    name = "\x1b[2Jaccepted",
    expect = "reject", rule = "hidden characters",
}
test "an honest name with letters that belong together stays" {
    name = "می\u{200C}خواهم 👩\u{200D}💻",
    expect = "none", undecided = false,
}

-- ---- what is not known ----

test "no name is no reason" {
    name = false,
    expect = "none",
}
test "a sender that nobody knows is no reason" {
    name = "netw0rk-subnets", sender = false,
    expect = "none",
}
