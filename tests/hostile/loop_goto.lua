-- a loop made of goto
-- load: ran out of
-- asked: ran out of
::again::
goto again
