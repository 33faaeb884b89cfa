-- fixtures/jsrs-bench/bodies.rs, the same algorithm.
local function advance(b, dt)
    b.v = b.v - b.x * dt
    b.x = b.x + b.v * dt
end
local a = { x = 1.0, v = 0.0 }
local b = { x = 0.5, v = 0.25 }
local i = 0
while i < 2000000 do
    advance(a, 0.001)
    advance(b, 0.002)
    i = i + 1
end
print(string.format("%.16g %.16g", a.x, b.x))
