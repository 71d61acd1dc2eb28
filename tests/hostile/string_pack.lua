-- bytes packed for nobody
-- load: a string has no "pack"
-- asked: a string has no "pack"
string.pack('z', 'x')
