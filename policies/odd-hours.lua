-- Rejects invitations that were sent when nobody works: at night and on weekends, unless you say when.
--
--   policy "policies/odd-hours.lua" { hours = "20:00-07:00", days = "sat sun", zone = "+01:00" }
--
-- `zone` is where your people work, in hours from UTC; it knows no summer time, so leave an hour at both ends. Leave
-- out the night with hours = "", the weekend with days = "". Friends work late, too: load trusted.lua beside it, and
-- let it observe for a week first.

local p = params { hours = "20:00-06:00", days = "sat sun", zone = "+00:00" }

local odd = {}
if p.hours ~= "" then
    odd[#odd + 1] = created_at { hours = p.hours, zone = p.zone }
end
if p.days ~= "" then
    odd[#odd + 1] = created_at { days = p.days, zone = p.zone }
end

reject "odd hour" { any (odd), reason = "sent at {created}, when nobody works" }
