-- the library, walked through
-- load: table expected
-- asked: table expected
for key in pairs(string) do
    print(key)
end
