;; Blocks, labels with and without names, branches out of the function, tables of labels, calls.
(module
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (table $calls 2 funcref)
  (table $others 1 funcref)
  (func $blocks (param $n i32) (result i32) (local $i i32) (local f64) (local $unused i64)
    block $done
      loop $again
        local.get $n
        i32.eqz
        br_if $done
        local.get $i
        i32.const 10
        i32.gt_s
        if
          local.get $i
          return
        else
          nop
        end
        br $again
      end
    end
    block (result i32)
      i32.const 1
      br 1
    end)
  (func $odd#name::<i32> (param i32)
    block $a
      block $b
        block
          local.get 0
          br_table $a $b 0 3
        end
        unreachable
      end
      call $log
    end)
  (func (type $binary)
    local.get 0
    local.get 1
    local.get 0
    call_indirect (type $binary)
    local.get 1
    i32.const 0
    call_indirect $others (type $binary)
    drop
    local.get 0
    i32.const -2147483648
    local.get 1
    select)
  (func $tail (param i32)
    local.get 0
    return_call $log)
  (func $many (result i32 i64)
    i32.const 0
    i64.const 0
    block (param i32 i64) (result i32 i64)
    end))
