-- an error that is nothing
-- load: raised nil, not a message
-- asked: raised nil, not a message
error(nil)
