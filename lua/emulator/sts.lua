-- sts.lua - AWS Security Token Service: who is calling. The Query protocol, 2011-06-15.

local host = require "emulator.host"

local sts = {}

local NAMESPACE <const> = "https://sts.amazonaws.com/doc/2011-06-15/"

local function escape(text)
    return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

local function element(name, inner)
    return ("<%s>%s</%s>"):format(name, inner, name)
end

local function get_caller_identity(call)
    local id = call.account.id
    return element("Arn", ("arn:aws:iam::%s:user/emulated"):format(id))
        .. element("UserId", "AIDA" .. host.uuid(id):gsub("-", ""):upper():sub(1, 17))
        .. element("Account", id)
end

local OPERATIONS <const> = {
    GetCallerIdentity = { name = "GetCallerIdentity", kind = "identity", service = "sts", run = get_caller_identity },
}

function sts.route(request)
    return OPERATIONS[host.form(request.body, true).Action]
end

local function respond(status, body)
    return { status = status, headers = { ["Content-Type"] = "text/xml" }, body = body .. "\n" }
end

function sts.success(call, body)
    local name = call.op.name
    local result = element(name .. "Result", body)
    local metadata = element("ResponseMetadata", element("RequestId", call.request_id))
    return respond(200, ('<%sResponse xmlns="%s">%s%s</%sResponse>'):format(name, NAMESPACE, result, metadata, name))
end

function sts.failure(call, failed)
    local side = failed.status >= 500 and "Receiver" or "Sender"
    local inner = element("Type", side) .. element("Code", failed.code or "InternalFailure")
        .. element("Message", escape(failed.message))
    local whole = element("Error", inner) .. element("RequestId", call.request_id)
    return respond(failed.status, ('<ErrorResponse xmlns="%s">%s</ErrorResponse>'):format(NAMESPACE, whole))
end

return sts
