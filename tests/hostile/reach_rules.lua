-- rules made while an invitation is decided
-- load: mentions the word
local r = reject
reject 'more' (function() r('x')(always) return true end)
