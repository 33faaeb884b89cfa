/**
 * Every message between client and worker, as types and constructors; both ends import this file and nothing else
 * of each other. `run` is the id of the request that a message belongs to; ids are never used twice by one client,
 * so a late message cannot be taken for another run's. Id 0 is the worker itself.
 * The order of events is told in runner/README.md.
 */

/** @import { Answer, Question } from './compiler/questions.js' */
/** @import { Report, Result } from './result.js' */
/** @import { Limits } from './limits.js' */
/** @import { WasmFunction } from './module/info.js' */

/**
 * The bytes of a request. `bytes` is null when the worker still holds this file from the request before.
 * @typedef {{ id: number, bytes: Uint8Array | null }} FileRef
 */
/** How a JSRS program runs. @typedef {'interpreted' | 'compiled'} Mode */
/** @typedef {'loading' | 'running' | 'paused' | 'stopping' | 'ended'} RunState */
/**
 * What to record. `events`: how many are kept, 0 = none. `stopWhenFull`: end the run once they are full.
 * `text`: also the text trace of the spec.
 * @typedef {{ events: number, stopWhenFull: boolean, text: boolean }} TraceRequest
 */
/** @typedef {{ steps: number, outputBytes: number, memory: number, seconds: number }} Progress */
/**
 * `module` is the JSON of backend/jsrs/describe.c; `listing` is UTF-8, empty where it would be too large; `lines[site]` is the
 * line of the listing (from 0) of a source number.
 * @typedef {{ module: ModuleInfo, listing: Uint8Array<ArrayBuffer>, lines: Uint32Array<ArrayBuffer> }} Described
 */
/** @typedef {{ ok: true, kind: string } & Described} Opened */
/**
 * `why`: how it was recognised, a sentence, where the report does not tell. `invalid`: what can be shown of a file that is
 * whole but breaks a rule.
 * @typedef {{ ok: false, kind: string, why: string, report: Report, invalid?: Described }} NotOpened
 */
/**
 * A WebAssembly module. `missing` says what keeps it from being run without stubs.
 * @typedef {{ ok: true, kind: 'wasm-module', wasm: import('./module/info.js').WasmInfo,
 *   plan: import('./module/plan.js').Plan, missing: Report | null }} OpenedModule
 */
/** `text` is UTF-8; `offsets[line]` is the byte offset of a line. @typedef {{ text: Uint8Array<ArrayBuffer>, offsets: Uint32Array }} Disassembled */
/**
 * `shift`: by how much offsets in the compiled code are larger than in the file, since sections before it were changed.
 * @typedef {{ module: WebAssembly.Module, shift: number, report: null } | { module: null, shift: 0, report: Report }} Compiled
 */
/**
 * @typedef {object} FunctionInfo
 * @property {string} name
 * @property {number} index
 * @property {{ name: string, type: string }[]} params
 * @property {string} result
 * @property {number} blocks
 * @property {number} instructions
 * @property {number} offset
 * @property {number} line
 * @property {number} site
 * @property {boolean} entry whether it may be run as the entry
 */
/**
 * @typedef {object} ModuleInfo
 * @property {number} version
 * @property {number} size
 * @property {number} headerSize
 * @property {{ name: string, offset: number, size: number, count: number }[]} sections
 * @property {string[]} strings
 * @property {string[]} literals
 * @property {{ name: string, fields: string[] }[]} structs
 * @property {{ name: string, key: string, variants: string[][] }[]} enums
 * @property {{ name: string, type: string, init: string | null }[]} globals
 * @property {FunctionInfo[]} functions
 * @property {Record<'strings' | 'literals' | 'structs' | 'enums' | 'globals' | 'functions', number>} omitted items left out of a list
 */

/* Client to worker. */

/**
 * @typedef {{ type: 'init', run: 0, backend: WebAssembly.Module | string | null, tools: string | null,
 *   compiler: string | null }} Init
 */
/** @typedef {{ type: 'open', run: number, file: FileRef, validate: boolean }} Open */
/**
 * @typedef {{ type: 'run', run: number, file: FileRef, entry: string, limits: Limits, trace: TraceRequest | null,
 *   validate: boolean }} Run
 */
/** @typedef {{ type: 'stop' | 'pause' | 'resume', run: number }} Control */
/** @typedef {{ type: 'credit', run: number, bytes: number }} Credit */
/** @typedef {{ type: 'disassemble', run: number, file: FileRef, index: number }} Disassemble */
/** Functions with a body from the `first` of them on. @typedef {{ type: 'functions', run: number, file: FileRef, first: number }} Functions */
/** @typedef {{ type: 'compile', run: number, file: FileRef, memory: number }} Compile */
/** About a JSRS program compiled. @typedef {{ type: 'ask', run: number, file: FileRef, question: Question }} Ask */
/** @typedef {Init | Open | Run | Control | Credit | Disassemble | Functions | Compile | Ask} ToWorker */

/**
 * First message. `backend`: a compiled module from an earlier worker, the address of the wasm file, or null for the
 * worker's own default. `tools`: the address of the module reader, likewise. `compiler`: that of the backend which can compile,
 * where `backend` is one that cannot; null = it can.
 * @param {WebAssembly.Module | string | null} backend
 * @param {string | null} tools
 * @param {string | null} compiler
 * @returns {Init}
 */
export const init = (backend, tools, compiler) => ({ type: 'init', run: 0, backend, tools, compiler });

/** @param {number} run @param {FileRef} file @param {boolean} validate @returns {Open} */
export const open = (run, file, validate) => ({ type: 'open', run, file, validate });

/** @param {number} run @param {Omit<Run, 'type' | 'run'>} request @returns {Run} */
export const startRun = (run, request) => ({ type: 'run', run, ...request });

/** @param {number} run @param {FileRef} file @param {number} index @returns {Disassemble} */
export const disassemble = (run, file, index) => ({ type: 'disassemble', run, file, index });

/** @param {number} run @param {FileRef} file @param {number} first @returns {Functions} */
export const functions = (run, file, first) => ({ type: 'functions', run, file, first });

/** `memory`: bytes that its memories may have. @param {number} run @param {FileRef} file @param {number} memory @returns {Compile} */
export const compile = (run, file, memory) => ({ type: 'compile', run, file, memory });

/** @param {number} run @param {FileRef} file @param {Question} question @returns {Ask} */
export const ask = (run, file, question) => ({ type: 'ask', run, file, question });

/** @param {number} run @returns {Control} */
export const stop = (run) => ({ type: 'stop', run });

/** @param {number} run @returns {Control} */
export const pause = (run) => ({ type: 'pause', run });

/** @param {number} run @returns {Control} */
export const resume = (run) => ({ type: 'resume', run });

/** Output of this many bytes has been consumed; the worker may send as many more. @param {number} run @param {number} bytes @returns {Credit} */
export const credit = (run, bytes) => ({ type: 'credit', run, bytes });

/* Worker to client. */

/** @typedef {{ type: 'ready', run: 0, module: WebAssembly.Module }} Ready */
/** @typedef {{ type: 'opened', run: number, file: Opened | OpenedModule | NotOpened }} OpenedMessage */
/** @typedef {{ type: 'state', run: number, state: 'loading' | 'running' | 'paused' }} StateMessage */
/** @typedef {{ type: 'output', run: number, bytes: Uint8Array }} Output */
/** @typedef {{ type: 'progress', run: number, progress: Progress }} ProgressMessage */
/** @typedef {{ type: 'done', run: number, result: Result }} Done */
/** @typedef {{ type: 'failed', run: number, message: string }} Failed */
/** @typedef {{ type: 'disassembled', run: number, code: Disassembled }} DisassembledMessage */
/** @typedef {{ type: 'functions', run: number, functions: WasmFunction[] }} FunctionsListed */
/** @typedef {{ type: 'compiled', run: number, compiled: Compiled }} CompiledMessage */
/** @typedef {{ type: 'answered', run: number, answer: Answer }} Answered */
/** @typedef {Ready | OpenedMessage | DisassembledMessage | FunctionsListed | CompiledMessage | Answered | StateMessage | Output | ProgressMessage | Done | Failed} FromWorker */

/** The worker takes requests from now on; later workers can be given `module`. @param {WebAssembly.Module} module @returns {Ready} */
export const ready = (module) => ({ type: 'ready', run: 0, module });

/** @param {number} run @param {Opened | OpenedModule | NotOpened} file @returns {OpenedMessage} */
export const opened = (run, file) => ({ type: 'opened', run, file });

/** @param {number} run @param {Disassembled} code @returns {DisassembledMessage} */
export const disassembled = (run, code) => ({ type: 'disassembled', run, code });

/** @param {number} run @param {WasmFunction[]} functions @returns {FunctionsListed} */
export const functionsListed = (run, functions) => ({ type: 'functions', run, functions });

/** @param {number} run @param {Compiled} result @returns {CompiledMessage} */
export const compiled = (run, result) => ({ type: 'compiled', run, compiled: result });

/** @param {number} run @param {Answer} answer @returns {Answered} */
export const answered = (run, answer) => ({ type: 'answered', run, answer });

/** @param {number} run @param {StateMessage['state']} state @returns {StateMessage} */
export const state = (run, state) => ({ type: 'state', run, state });

/** @param {number} run @param {Uint8Array} bytes @returns {Output} */
export const output = (run, bytes) => ({ type: 'output', run, bytes });

/** @param {number} run @param {Progress} progress @returns {ProgressMessage} */
export const progress = (run, progress) => ({ type: 'progress', run, progress });

/** Last message of a run, after all of its output. @param {number} run @param {Result} result @returns {Done} */
export const done = (run, result) => ({ type: 'done', run, result });

/** The worker itself is at fault and should be replaced. @param {number} run @param {string} message @returns {Failed} */
export const failed = (run, message) => ({ type: 'failed', run, message });
