-- tables past their guards
-- load: unknown word `rawset`
-- asked: unknown word `rawset`
rawset(string, "rep", print)
