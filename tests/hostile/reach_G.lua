-- all globals
-- load: unknown word `_G`
-- asked: unknown word `_G`
_G.string = nil
