/**
 * What jsrust-backend.wasm exports (backend/api/exports.def), and the numbers that its calls take and give
 * (backend/api/session.h): by name, so that nothing else says one.
 */

/** The JSRust contract (spec jsrs.md 17). */
export const CONTRACT = /** @type {const} */ ([
  'jsrust_wasm_alloc',
  'jsrust_wasm_reset',
  'jsrust_wasm_run',
  'jsrust_wasm_result_code',
  'jsrust_wasm_result_has_exit_value',
  'jsrust_wasm_result_exit_value',
  'jsrust_wasm_result_message_ptr',
  'jsrust_wasm_result_message_len',
  'jsrust_wasm_stdout_ptr',
  'jsrust_wasm_stdout_len',
  'jsrust_wasm_trace_ptr',
  'jsrust_wasm_trace_len',
]);

/** What only a backend that has the code generator exports; the page loads one without it first. */
export const COMPILER = /** @type {const} */ ([
  'jsrust_wasm_codegen',
  'jsrust_wasm_codegen_wasm_ptr',
  'jsrust_wasm_codegen_wasm_len',
  'jsrust_compile',
]);

/** This project's own. */
export const OWN = /** @type {const} */ ([
  'jsrust_option',
  'jsrust_load',
  'jsrust_start',
  'jsrust_resume',
  'jsrust_stop',
  'jsrust_output_drain',
  'jsrust_stat',
  'jsrust_events_ptr',
  'jsrust_text',
  'jsrust_text_ptr',
  'jsrust_text_len',
]);

/** OPTION_*. */
export const OPTION = Object.freeze({
  STEPS: 1,
  MEMORY: 2,
  OUTPUT: 3,
  DEPTH: 4,
  EVENTS: 5,
  TRACE_TEXT: 6,
  VALIDATE: 7,
  TRACE: 8,
  OPTIMISE: 9,
  STOP_WHEN_FULL: 10,
  LEVEL: 11,
  ADAPTER: 12,
  CODEGEN: 13,
  PASS: 14,
  FUNCTION: 15,
});

/** STAT_*. */
export const STAT = Object.freeze({
  STEPS: 0,
  CALLS: 1,
  OUTPUT: 2,
  MEMORY_PEAK: 3,
  DEPTH_PEAK: 4,
  EVENTS: 5,
  EVENTS_DROPPED: 6,
  BACKEND_BYTES: 7,
  BACKEND_PEAK: 8,
  GIVES_EXIT_VALUE: 9,
});

/** TEXT_*. */
export const TEXT = Object.freeze({
  REPORT: 0,
  MODULE: 1,
  LISTING: 2,
  LINES: 3,
  IR: 4,
  IR_OPTIMISED: 5,
  BYTECODE: 6,
  PASSES: 7,
  IR_AFTER: 8,
  ORIGINS: 9,
  FUNCTIONS: 10,
  IR_HISTORY: 11,
});

/** What jsrust_resume answers. */
export const SLICE = Object.freeze({ DONE: 0, BUDGET: 1, INPUT: 2, TRAPPED: 3 });

/** Bits of OPTION.TRACE. */
export const TRACE = Object.freeze({ TEXT: 1, EVENTS: 2 });

/** Bits of OPTION.CODEGEN. */
export const CODEGEN = Object.freeze({ NAMES: 1, MAP: 2, BLOCK_WRITE: 4, MVP: 8, ORIGINS: 16 });

/** How much compiled code is optimised, in the order of OPTION.LEVEL. */
export const LEVELS = Object.freeze(/** @type {const} */ (['O0', 'O1', 'O2', 'Os']));
/** In the order of OPTION.ADAPTER. */
export const ADAPTERS = Object.freeze(/** @type {const} */ (['jsrust', 'wasi']));

/** @typedef {typeof LEVELS[number]} Level */
/** @typedef {typeof ADAPTERS[number]} Adapter */

/** Of an event of the trace. */
export const EVENT_BYTES = 16;

/**
 * @typedef {Record<'jsrust_wasm_alloc' | 'jsrust_load' | 'jsrust_start' | 'jsrust_compile' | 'jsrust_text', (...numbers: number[]) => number>
 *   & Record<'jsrust_wasm_codegen_wasm_ptr' | 'jsrust_wasm_codegen_wasm_len' | 'jsrust_wasm_stdout_ptr' | 'jsrust_wasm_stdout_len' | 'jsrust_wasm_trace_ptr' | 'jsrust_wasm_trace_len'
 *     | 'jsrust_events_ptr' | 'jsrust_text_ptr' | 'jsrust_text_len' | 'jsrust_wasm_result_code', () => number>
 *   & Record<'jsrust_wasm_reset' | 'jsrust_stop' | 'jsrust_output_drain', () => void>
 *   & { memory: WebAssembly.Memory, jsrust_option: (key: number, value: bigint) => number,
 *     jsrust_resume: (steps: bigint) => number, jsrust_stat: (which: number) => bigint }} Exports
 */
