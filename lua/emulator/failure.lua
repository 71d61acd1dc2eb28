-- failure.lua - what a cloud answers instead: raised where it is found, written where the answer is made.

local failure = {}

-- HTTP status, code and message, as the cloud words them; headers: more of them, or nothing.
function failure.raise(status, code, message, headers)
    error({ status = status, code = code, message = message, headers = headers or {} })
end

-- The result of f(...), or nil and the failure that it raised. A defect goes on up.
function failure.catch(f, ...)
    local ok, result = pcall(f, ...)
    if ok then
        return result
    elseif type(result) ~= "table" then
        error(result, 0)
    end
    return nil, result
end

return failure
