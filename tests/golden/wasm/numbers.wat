;; Constants to their last bit, and vectors.
(module
  (func $floats
    f32.const 0.1
    drop
    f32.const -0
    drop
    f32.const nan:0x200001
    drop
    f32.const 0x1.fffffep+127
    drop
    f64.const 0.1
    drop
    f64.const 6.02214076e23
    drop
    f64.const 0x0.0000000000001p-1022
    drop
    f64.const 123456789.125
    drop
    f64.const -inf
    drop
    f64.const nan
    drop
    i64.const 0x8000000000000000
    drop)
  (memory 1)
  (func $vectors (param $v v128) (result v128)
    local.get $v
    v128.const i32x4 1 -1 0x12345678 0
    i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31
    i32x4.extract_lane 3
    i8x16.splat
    i32.const 0
    v128.load64_zero offset=8
    i64x2.add
    i32.const 0
    local.get $v
    v128.load16_lane offset=2 align=1 7
    f32x4.relaxed_min))
