-- the system
-- load: unknown word `os`
-- asked: unknown word `os`
os.execute("true")
