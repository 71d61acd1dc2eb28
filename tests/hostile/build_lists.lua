-- a list under many names
-- load: cannot read
local path = 'ids.txt'
while true do
    path = './' .. path
    local _ = sender(list(path))
end
