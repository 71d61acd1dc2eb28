-- spurn fields tells the vocabulary, and whatever repeats it says the same.
local program = require "program"
local test = program.test

test "what repeats the words says what they say" (function(t)
    local check = program.run_command(("lua5.4 src/build/words.lua %s --check"):format(
        program.quote(program.build .. "/spurn")))
    t:equal(check.out, "", "files that differ from the words")
    t:ended(check, 0)
end)

test "every word has a form, a meaning and, where it is a value, a type" (function(t)
    local seen = {}
    for _, word in ipairs(t:spurn("fields --format json").json.words) do
        local is_of_invitation = word.kind == "field" or word.kind == "method"
        seen[word.kind] = (seen[word.kind] or 0) + 1
        t:truth(#word.form > 0 and #word.text > 0, word.form)
        t:equal(type(word.type) == "string", is_of_invitation, word.form)
    end
    for _, kind in ipairs { "rule", "condition", "value", "field", "method" } do
        t:truth(seen[kind], kind)
    end
end)

test "people read each kind beneath its name" (function(t)
    local fields = t:spurn "fields"
    t:ended(fields, 0)
    t:holds(fields.out, "\n  sender ID | { ID, ... } | (list FILE)\n      the sending account")
    t:holds(fields.out, "\nmethod\n  inv:has NAME\n")
end)
