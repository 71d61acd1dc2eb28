-- a loop made of goto
-- load: ran out of steps
-- asked: ran out of steps
::again::
goto again
