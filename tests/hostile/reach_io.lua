-- files
-- load: unknown word `io`
-- asked: unknown word `io`
io.open("/etc/passwd")
