-- the collector
-- load: unknown word `collectgarbage`
-- asked: unknown word `collectgarbage`
collectgarbage "stop"
