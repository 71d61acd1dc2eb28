-- Turns away strangers who ask too loudly; our own accounts may name things as they like.
keep   "our own accounts" (sender { "111122223333", "444455556666" })
reject "advertising"      { name { "*free*", "*promo*" }, reason = "{sender} advertises as {name}" }
