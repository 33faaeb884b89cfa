-- fixtures/jsrs-bench/calls.rs, the same algorithm; remainders take the dividend's sign as in Rust.
local function a(x, y) return x * 3 + y end
local function b(x) return a(x, 1) - a(1, x) end
local s = 0
local i = 0
while i < 3000000 do
    s = s + b(i)
    local r = s % 1000003
    if s < 0 and r ~= 0 then r = r - 1000003 end
    s = r
    i = i + 1
end
print(s)
