-- a loop without an end
-- load: ran out of
-- asked: ran out of
while true do
end
