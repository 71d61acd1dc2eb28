-- the library, walked through
-- load: bad argument
-- asked: bad argument
for name in pairs(string) do
    print(name)
end
