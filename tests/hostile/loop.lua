-- a loop without an end
-- load: ran out of steps
-- asked: ran out of steps
while true do
end
