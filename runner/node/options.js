/**
 * The command line as a table: its commands, and its options with how each value is read and what it means.
 */
import { parseSize } from '../limits.js';
import {
  call,
  decimal,
  directory,
  level,
  limit,
  name,
  pair,
  preload,
  terminalSize,
  wholeNumber,
} from './option-values.js';

/** @import { Adapter, Level } from '../backend/abi.js' */

/** @typedef {'run' | 'build' | 'check' | 'inspect' | 'disassemble' | 'listing' | 'ir' | 'bytecode'} CommandName */
/**
 * @typedef {object} Options
 * @property {string} entry
 * @property {boolean} trace
 * @property {string | null} traceOut
 * @property {string | null} outBin
 * @property {boolean} codegenWasm
 * @property {Level | null} level
 * @property {string | null} out
 * @property {Adapter} adapter
 * @property {boolean} names
 * @property {boolean} map
 * @property {boolean} mvp
 * @property {boolean} blockWrite
 * @property {boolean} wat
 * @property {string | null} printAfter
 * @property {boolean} validate
 * @property {boolean} quiet
 * @property {boolean} optimised
 * @property {number} steps
 * @property {number} memory
 * @property {number} output
 * @property {number} seconds
 * @property {string | null} entryGiven the entry, if one was given
 * @property {string[]} args
 * @property {Record<string, string>} env
 * @property {Record<string, string>} dirs guest path to host folder
 * @property {string | null} keys names as they were given
 * @property {{ columns: number, rows: number } | null} size
 * @property {boolean} screen
 * @property {string | null} seed
 * @property {number | null} clock
 * @property {{ name: string, arguments: string[] }[]} calls
 * @property {boolean} stub
 * @property {Record<string, string>} preload paths of modules, by the names that imports have for them
 * @property {boolean} raw
 * @property {boolean} json
 * @property {number | null} function
 */

/** @type {Readonly<Record<CommandName, string>>} */
export const COMMANDS = {
  run: 'run the program; its output goes to stdout as it comes',
  build: 'compile a JSRS program to a WebAssembly module',
  check: 'decode and validate only',
  inspect: 'say what a WebAssembly module consists of, and who serves its imports',
  disassemble: "print a WebAssembly module's functions",
  listing: "print the file's own IR",
  ir: 'print the internal IR that the entry is lowered to',
  bytecode: 'print the bytecode that the interpreter runs',
};

/**
 * Columns: name, its value's name (null: a flag), the kind of program it is for, commands that take it, what it sets,
 * meaning.
 * @typedef {object} OptionRow
 * @property {string} name
 * @property {string | null} value
 * @property {'any' | 'jsrs' | 'module'} program
 * @property {CommandName[]} of
 * @property {(options: Options, value: string) => boolean | string | void} set false: the value has a wrong form; a text:
 *   what is wrong with it
 * @property {string} meaning
 */
/** @type {CommandName[]} */
const RUN = ['run'];
/** @type {CommandName[]} */
const BUILD = ['build'];
/** @type {CommandName[]} */
const ENTRY = ['run', 'build', 'ir', 'bytecode'];
/** @type {CommandName[]} */
const ALL = ['run', 'build', 'check', 'listing', 'ir', 'bytecode'];

/** @type {OptionRow[]} */
export const OPTIONS = [
  {
    name: '--entry',
    program: 'any',
    value: 'FN',
    of: ENTRY,
    set: (o, v) => name(o, 'entry', (o.entryGiven = v)),
    meaning: 'start here; default main, of modules _start',
  },
  {
    name: '--trace',
    program: 'any',
    value: null,
    of: RUN,
    set: (o) => void (o.trace = true),
    meaning: 'print the trace to stderr; of modules, calls of imports as JSON lines',
  },
  {
    name: '--trace-out',
    program: 'any',
    value: 'PATH',
    of: RUN,
    set: (o, v) => name(o, 'traceOut', v),
    meaning: 'write it there instead (with --trace)',
  },
  {
    name: '--out-bin',
    program: 'jsrs',
    value: 'PATH',
    of: RUN,
    set: (o, v) => name(o, 'outBin', v),
    meaning: 'write the JSRS bytes there before running',
  },
  {
    name: '--codegen-wasm',
    program: 'jsrs',
    value: null,
    of: RUN,
    set: (o) => void (o.codegenWasm = true),
    meaning: 'compile it to WebAssembly and run that',
  },
  {
    name: '-O',
    program: 'jsrs',
    value: 'LEVEL',
    of: ['run', 'build', 'ir'],
    set: (o, v) => level(o, v),
    meaning: 'how much compiled code is optimised: 0, 1 (default), 2, s (small); of ir: these passes',
  },
  {
    name: '-o',
    program: 'jsrs',
    value: 'OUT.wasm',
    of: BUILD,
    set: (o, v) => name(o, 'out', v),
    meaning: 'where the module goes, whole or not at all; `-` is stdout',
  },
  {
    name: '--adapter',
    program: 'jsrs',
    value: 'NAME',
    of: BUILD,
    set: (o, v) => (v === 'jsrust' || v === 'wasi' ? void (o.adapter = v) : 'it takes jsrust or wasi'),
    meaning: 'jsrust (default), or wasi for standalone runtimes',
  },
  {
    name: '--names',
    program: 'jsrs',
    value: null,
    of: BUILD,
    set: (o) => void (o.names = true),
    meaning: 'with the names of functions',
  },
  {
    name: '--no-map',
    program: 'jsrs',
    value: null,
    of: BUILD,
    set: (o) => void (o.map = false),
    meaning: 'without the places of traps',
  },
  {
    name: '--block-write',
    program: 'jsrs',
    value: null,
    of: BUILD,
    set: (o) => void (o.blockWrite = true),
    meaning: "jsrust: print by blocks, which JSRust's own hosts do not serve",
  },
  {
    name: '--mvp',
    program: 'jsrs',
    value: null,
    of: BUILD,
    set: (o) => void (o.mvp = true),
    meaning: 'WebAssembly 1.0 alone',
  },
  {
    name: '--wat',
    program: 'jsrs',
    value: null,
    of: BUILD,
    set: (o) => void (o.wat = true),
    meaning: 'the text format, on stdout, or in place of the module where OUT ends in .wat',
  },
  {
    name: '--no-validate',
    program: 'jsrs',
    value: null,
    of: ALL,
    set: (o) => void (o.validate = false),
    meaning: 'check only what is needed to stay safe',
  },
  {
    name: '--max-steps',
    program: 'jsrs',
    value: 'N',
    of: RUN,
    set: (o, v) => limit(o, 'steps', wholeNumber(v)),
    meaning: 'stop after so many steps',
  },
  {
    name: '--max-memory',
    program: 'any',
    value: 'SIZE',
    of: ['run', 'build'],
    set: (o, v) => limit(o, 'memory', parseSize(v)),
    meaning: 'memory of the program: 65536, 64K, 64M, 1G',
  },
  {
    name: '--max-output',
    program: 'any',
    value: 'SIZE',
    of: RUN,
    set: (o, v) => limit(o, 'output', parseSize(v)),
    meaning: 'stop after so much output',
  },
  {
    name: '--timeout',
    program: 'any',
    value: 'SECONDS',
    of: RUN,
    set: (o, v) => limit(o, 'seconds', decimal(v)),
    meaning: 'stop after so much time',
  },
  {
    name: '--optimised',
    program: 'jsrs',
    value: null,
    of: ['ir'],
    set: (o) => void (o.optimised = true),
    meaning: 'the IR after all passes',
  },
  {
    name: '--print-after',
    program: 'jsrs',
    value: 'PASS',
    of: ['ir'],
    set: (o, v) => name(o, 'printAfter', v),
    meaning: 'the functions of the IR after each pass of that name, or after `all`, of the level',
  },
  {
    name: '--args',
    program: 'module',
    value: 'WORD...',
    of: RUN,
    set: () => {},
    meaning: 'its arguments: all that follows',
  },
  {
    name: '--env',
    program: 'module',
    value: 'K=V',
    of: RUN,
    set: (o, v) => pair(o.env, v, '='),
    meaning: 'a variable of its environment; may be repeated',
  },
  {
    name: '--dir',
    program: 'module',
    value: 'HOST::GUEST',
    of: RUN,
    set: (o, v) => directory(o.dirs, v),
    meaning: 'a folder for its files; GUEST is the path it sees; may be repeated',
  },
  {
    name: '--keys',
    program: 'module',
    value: 'NAMES',
    of: RUN,
    set: (o, v) => void (o.keys = o.keys === null ? v : `${o.keys},${v}`),
    meaning: 'keys that wait for a program that draws: up,a,space,comma,enter',
  },
  {
    name: '--size',
    program: 'module',
    value: 'COLUMNSxROWS',
    of: RUN,
    set: (o, v) => terminalSize(o, v),
    meaning: 'size of its terminal; default that of this one, else 80x24',
  },
  {
    name: '--screen',
    program: 'module',
    value: null,
    of: RUN,
    set: (o) => void (o.screen = true),
    meaning: 'print its last screen to stdout instead of drawing',
  },
  {
    name: '--raw',
    program: 'module',
    value: null,
    of: RUN,
    set: (o) => void (o.raw = true),
    meaning: 'it gets every key of this terminal at once, not lines',
  },
  {
    name: '--seed',
    program: 'module',
    value: 'TEXT',
    of: RUN,
    set: (o, v) => void (o.seed = v),
    meaning: 'makes all that is random repeatable',
  },
  {
    name: '--clock',
    program: 'module',
    value: 'MS',
    of: RUN,
    set: (o, v) => (o.clock = wholeNumber(v)) !== null,
    meaning: 'a virtual clock that starts so many ms after 1970',
  },
  {
    name: '--call',
    program: 'module',
    value: 'FN(ARGS)',
    of: RUN,
    set: (o, v) => call(o, v),
    meaning: "call an export, not the entry: 'fib(10)', integers signed or unsigned; may be repeated",
  },
  {
    name: '--stub',
    program: 'module',
    value: null,
    of: RUN,
    set: (o) => void (o.stub = true),
    meaning: 'let stubs stand in for missing imports',
  },
  {
    name: '--preload',
    program: 'module',
    value: 'NAME=FILE',
    of: ['run', 'check', 'inspect'],
    set: (o, v) => preload(o.preload, v),
    meaning: 'link a module whose exports serve imports from NAME; may be repeated',
  },
  {
    name: '--json',
    program: 'module',
    value: null,
    of: ['inspect'],
    set: (o) => void (o.json = true),
    meaning: 'all of it, as JSON',
  },
  {
    name: '--function',
    program: 'module',
    value: 'N',
    of: ['disassemble'],
    set: (o, v) => (o.function = wholeNumber(v)) !== null,
    meaning: 'only this one',
  },
  { name: '--quiet', program: 'any', value: null, of: RUN, set: (o) => void (o.quiet = true), meaning: 'no `ok` line' },
];

/** What holds where nothing is said. @returns {Options} */
export function usualOptions() {
  return {
    entry: 'main',
    entryGiven: null,
    validate: true,
    quiet: false,
    trace: false,
    traceOut: null,
    steps: 0,
    memory: 0,
    output: 0,
    seconds: 0,
    outBin: null,
    codegenWasm: false,
    level: null,
    out: null,
    adapter: 'jsrust',
    names: false,
    map: true,
    mvp: false,
    blockWrite: false,
    wat: false,
    optimised: false,
    printAfter: null,
    args: [],
    env: Object.create(null),
    dirs: Object.create(null),
    keys: null,
    size: null,
    screen: false,
    raw: false,
    seed: null,
    clock: null,
    calls: [],
    stub: false,
    preload: Object.create(null),
    json: false,
    function: null,
  };
}
