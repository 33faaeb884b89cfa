;; The legacy exceptions: try with catches, rethrow, delegate.
(module
  (tag $e (param i32))
  (func $catches (result i32)
    try $t (result i32)
      i32.const 7
      throw $e
    catch $e
      drop
      rethrow $t
    catch_all
      i32.const 1
    end)
  (func $delegates
    try $outer
      try
        i32.const 1
        throw $e
      delegate $outer
    catch_all
    end
    try
    delegate 0))
