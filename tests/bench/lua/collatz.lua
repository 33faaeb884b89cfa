-- fixtures/jsrs-bench/collatz.rs, the same algorithm.
local function steps(start)
    local n = start
    local c = 0
    while n ~= 1 do
        if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
        c = c + 1
    end
    return c
end
local best = 0
local at = 1
local i = 1
while i < 60000 do
    local s = steps(i)
    if s > best then
        best = s
        at = i
    end
    i = i + 1
end
print(at .. " " .. best)
