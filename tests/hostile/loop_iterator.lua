-- a loop over an iterator that never ends
-- load: ran out of steps
-- asked: ran out of steps
for _ in function() return 1 end do
end
