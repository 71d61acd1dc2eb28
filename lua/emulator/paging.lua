-- paging.lua - pages of a list behind tokens that say nothing to the client and belong to one query.

local host = require "emulator.host"

local paging = {}

function paging.open()
    return { salt = host.random(), tokens = {} }
end

local function token_for(pages, query, position, is_refilled)
    local text = table.concat({ pages.salt, query, position, tostring(is_refilled) }, "\n")
    -- With characters that a query string must encode, as the clouds' own tokens have.
    local token = "AQ+" .. host.uuid(text):gsub("-", "") .. "/w=="
    pages.tokens[token] = { query = query, position = position, is_refilled = is_refilled }
    return token
end

-- ask: query (text that names the list), token, size, count (how many there are), faults.
-- The first and the last index on this page and the next token; nil when the token is not one of ours for this query.
function paging.page(pages, ask)
    local at = { position = 1 }
    if ask.token then
        at = pages.tokens[ask.token]
        if not at or at.query ~= ask.query then
            return nil
        end
    end
    local first = at.position
    if ask.faults.overlap and first > 1 then
        first = first - 1
    end
    if ask.faults.empty_pages and not at.is_refilled then
        return first, first - 1, token_for(pages, ask.query, first, true)
    end
    local last = math.min(at.position + ask.size - 1, ask.count)
    local following = last < ask.count and token_for(pages, ask.query, last + 1, false) or nil
    if ask.faults.repeat_token then
        following = ask.token or following or token_for(pages, ask.query, 1, false)
    end
    return first, last, following
end

return paging
