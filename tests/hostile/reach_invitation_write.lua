-- the invitation, changed
-- asked: an invitation cannot be changed
inv.sender = '111122223333'
