-- bytecode
-- load: a string has no "dump"
-- asked: a string has no "dump"
string.dump(print)
