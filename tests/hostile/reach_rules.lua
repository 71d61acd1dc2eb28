-- rules made while an invitation is decided
-- load: reads the word
reject 'more' (function()
    reject('x')(always)
    return true
end)
