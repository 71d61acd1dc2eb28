-- bytecode
-- load: attempt to call a nil value
-- asked: attempt to call a nil value
string.dump(print)
