-- Rejects what nobody accepted shortly before it expires: an hour, unless you say otherwise.
--
--   policy "policies/about-to-expire.lua" { before = "1h" }
--
-- Whoever wanted it has had the time; the last hour is when somebody clicks because it is the last hour. It gets an
-- entry in the journal instead of vanishing. Most invitations at AWS end after 12 hours, those that share one of the
-- types below after 7 days (RAM user guide, "Accepting and rejecting resource share invitations"), and all at Alibaba
-- Cloud after 7 days. So the cloud is asked what is shared, in the last moments of each life. Let `before` be longer
-- than the time between two sweeps.

local p = params { before = "1h" }

local week_long = resource_type {
    "ec2:CapacityReservation", "ec2:CoipPool", "ec2:DedicatedHost", "ec2:LocalGatewayRouteTable", "ec2:PrefixList",
    "ec2:Subnet", "ec2:TrafficMirrorTarget", "ec2:TransitGateway", "ec2:TransitGatewayMulticastDomain",
    "license-manager:LicenseConfiguration", "outposts:Outpost", "outposts:Site", "rds:Cluster",
    "route53resolver:ResolverRule",
}

if seconds (p.before) >= seconds "12h" then
    error ("before: " .. p.before .. " is all the life that most invitations have; write less than 12h")
end

-- The age is what it is in the last moments of such a life.
local function ending(lifetime)
    return older (seconds (lifetime) - seconds (p.before) .. "s") & younger (lifetime)
end

local half_a_day = cloud "aws" & ending "12h" & ~week_long
local a_week = ending "7d" & (cloud "alibaba" | week_long)

reject "about to expire" { half_a_day | a_week, reason = "nobody wanted it for {age}" }
