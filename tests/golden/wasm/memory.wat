;; Addresses: offsets and alignments that are said only where they are not the usual ones; several memories; bulk.
(module
  (memory $first 1)
  (memory $second i64 2 4)
  (data $text "text")
  (table $t 4 funcref)
  (elem $e func $addresses)
  (func $addresses (local $at i32)
    local.get $at
    i32.load
    drop
    local.get $at
    i64.load32_u offset=16 align=1
    drop
    i64.const 0
    f64.load $second offset=4294967296
    drop
    local.get $at
    i32.const 255
    i32.store8 offset=4294967295
    memory.size
    drop
    i64.const 1
    memory.grow $second
    drop)
  (func $bulk
    i32.const 0
    i32.const 0
    i32.const 4
    memory.init $text
    data.drop $text
    i32.const 0
    i32.const 1
    i32.const 2
    memory.copy
    i64.const 0
    i32.const 1
    i32.const 2
    memory.copy $second $first
    i32.const 0
    i32.const 1
    i32.const 2
    memory.fill
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $t $e
    elem.drop $e
    i32.const 0
    i32.const 0
    i32.const 1
    table.copy $t $t
    ref.null func
    i32.const 1
    table.grow $t
    drop
    table.size $t
    drop)
  (memory $third 1 1 shared)
  (func $atomic
    i32.const 0
    i32.const 1
    i32.atomic.rmw8.add_u $third offset=3
    drop
    i32.const 0
    i64.atomic.load $third
    drop
    atomic.fence))
