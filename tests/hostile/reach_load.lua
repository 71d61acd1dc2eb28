-- bytecode and text as a program
-- load: unknown word `load`
-- asked: unknown word `load`
load("\27Lua")()
