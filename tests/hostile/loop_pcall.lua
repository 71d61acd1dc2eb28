-- a loop that catches the error that would stop it
-- load: unknown word `pcall`: errors are not caught here
-- asked: unknown word `pcall`: errors are not caught here
while true do
    pcall(function() while true do end end)
end
