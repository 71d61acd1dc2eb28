-- bytes packed for nobody
-- load: nil
-- asked: nil
string.pack('z', 'x')
