-- roles.lua - which role is meant, and whether whoever asks may take it.

local roles = {}

local FORMS <const> = {
    aws = "^arn:aws[%w-]*:iam::(%d+):role/([%w+=,.@_/-]+)$",
    alibaba = "^acs:ram::(%d+):role/([%w._-]+)$",
}

-- The account's id and the role's name in an ARN; nil when it is none.
function roles.parse(cloud, arn)
    return arn:match(FORMS[cloud])
end

-- The account and the role of an ARN; of what is not there, nil.
function roles.find(everything, cloud, arn)
    local id, name = roles.parse(cloud, arn)
    local account = everything.accounts[cloud][id]
    return account, account and account.roles[name]
end

-- By the role's trust in the account of whoever asks, and its external id.
function roles.trusts(role, account, external_id)
    local is_trusted = role.trusts[account.id] or role.trusts["*"]
    return is_trusted and (not role.external_id or role.external_id == external_id)
end

return roles
