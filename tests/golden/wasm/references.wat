;; References, their tables, and a select that says its type.
(module
  (table $refs 1 externref)
  (table $functions 1 funcref)
  (global $g (mut externref) (ref.null extern))
  (elem declare func $self)
  (func $self (param $r externref) (result funcref)
    local.get $r
    global.get $g
    i32.const 1
    select (result externref)
    global.set $g
    i32.const 0
    local.get $r
    table.set $refs
    i32.const 0
    table.get $functions
    ref.is_null
    drop
    ref.func $self))
