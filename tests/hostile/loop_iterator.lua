-- a loop over an iterator that never ends
-- load: ran out of
-- asked: ran out of
for _ in function() return 1 end do
end
