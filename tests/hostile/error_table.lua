-- an error that is no message
-- load: raised table, not a message
-- asked: raised table, not a message
error({ text = 'x' })
