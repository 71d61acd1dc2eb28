-- an order of what has none
-- load: cannot compare
-- asked: cannot compare
table.sort({ 1, 'a', {} })
