-- Runs the port given as argument and writes the seconds it took, compiling left out, to stderr.
local program = assert(loadfile(arg[1]))
local began = os.clock()
program()
io.stderr:write(string.format("%.6f\n", os.clock() - began))
