-- fixtures/jsrs-bench/print_lines.rs, the same algorithm.
local i = 0
while i < 200000 do
    io.write(i, " ", i * 7, "\n")
    i = i + 1
end
