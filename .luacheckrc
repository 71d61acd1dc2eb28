-- What luacheck takes for granted here: Lua 5.4, and the words that each kind of file is given.
std = "lua54"
max_line_length = 120
