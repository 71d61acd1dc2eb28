-- bytecode
-- load: cannot call nil
-- asked: cannot call nil
string.dump(print)
