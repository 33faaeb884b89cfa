-- fixtures/jsrs-bench/mandel.rs, the same algorithm.
local function escape(cx, cy)
    local x = 0.0
    local y = 0.0
    local k = 0
    local r = 0.0
    while k < 200 and r < 4.0 do
        local nx = x * x - y * y + cx
        y = 2.0 * x * y + cy
        x = nx
        r = x * x + y * y
        k = k + 1
    end
    return k
end
local sum = 0
local cy = 0.0 - 1.2
while cy < 1.2 do
    local cx = 0.0 - 2.0
    while cx < 0.6 do
        sum = sum + escape(cx, cy)
        cx = cx + 0.0125
    end
    cy = cy + 0.0125
end
print(sum)
