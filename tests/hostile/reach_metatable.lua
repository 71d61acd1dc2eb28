-- the metatable of the invitation
-- asked: has no field
local _ = inv.__index
