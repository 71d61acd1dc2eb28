-- keys that have no order
-- load: have no order
-- asked: have no order
for _ in pairs { [{}] = 1, [print] = 2 } do
end
