-- another file
-- load: unknown word `dofile`
-- asked: unknown word `dofile`
dofile "/etc/passwd"
