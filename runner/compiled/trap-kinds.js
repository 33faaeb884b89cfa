/**
 * Why a compiled program can fail: backend/ir/traps.def, in its order. Relies on nothing; a host test compares the tables.
 */

/** By TrapKind. @type {readonly string[]} */
export const TRAP_SENTENCES = Object.freeze([
  'ok',
  'entered unreachable terminator',
  'attempt to divide by zero',
  'attempt to calculate the remainder with a divisor of zero',
  'attempt to divide with overflow',
  'attempt to calculate the remainder with overflow',
  'index out of bounds',
  'null pointer dereference',
  'pointer outside the memory of the program',
  'call stack exhausted (recursion limit exceeded)',
  'memory limit reached',
  'step limit reached',
  'output limit reached',
  'stopped',
  'assertion failed: assert_eq!',
  'enum tag mismatch',
  'enum variant carries no data',
  'field does not exist',
  'pointer is not a live heap allocation',
  'range outside the heap allocation',
  'allocation count out of range',
  'value outside 0..255 printed as a byte',
  'value is not a Unicode scalar value',
  'malformed format string or wrong number of values',
  'value does not fit its format tag',
  'no function has the called number',
  'wrong number or type of arguments in a dynamic call',
  'pointers have no order',
  'value of a wrong type',
]);

export const TRAP = Object.freeze({ BAD_POINTER: 8, STACK: 9, MEMORY: 10, OUTPUT_LIMIT: 12 });
