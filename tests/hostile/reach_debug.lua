-- the registry, by debug
-- load: unknown word `debug`
-- asked: unknown word `debug`
debug.getregistry()
