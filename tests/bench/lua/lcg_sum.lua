-- fixtures/jsrs-bench/lcg_sum.rs, the same algorithm; products wrap to 32 bits.
local x = 12345
local acc = 0
local i = 0
while i < 10000000 do
    x = (x * 1103515245 + 12345) & 0xffffffff
    if x >= 0x80000000 then x = x - 0x100000000 end
    if x >= 0 and x % 16 == 7 then acc = acc + 3 end
    acc = acc + 1
    i = i + 1
end
print(acc .. " " .. x)
