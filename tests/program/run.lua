-- run.lua FILE - runs one file of whole-program tests and ends with "N passed, N failed".
package.path = "tests/program/?.lua;" .. package.path
local program = require "program"

local path = assert(arg[1], "usage: lua5.4 tests/program/run.lua FILE")
dofile(path)
os.exit(program.run(path))
