-- Rejects invitations whose share has a name that you never want to see: advertising, links, or your own list.
--
--   policy "policies/blocked-names.lua" { names = { "*casino*", "tmp-*" } }
--
-- A name matches as a whole: `*` is any run of characters, `?` exactly one, capitals make no difference. The sender
-- chooses the name, so this catches the lazy ones only; unknown-senders.lua catches the rest. For the same reason no
-- name keeps anything here.

local p = params {
    names = {
        "*promo?code*", "*free?trial*", "*gift?card*", "*special?offer*", "*limited?time*",
        "*you?won*", "*lottery*", "*bitcoin*", "*airdrop*", "*click?here*",
        "*://*", "*www.*",
    },
}

reject "blocked name" { name (p.names), reason = "its name is blocked: {name}" }
