/**
 * Why an import is not served, as a sentence: the tables of worlds that people's modules come from.
 */

/** @import { Abi, ImportRow } from '../guest/types.js' */

/** @typedef {{ module: string, name: string, kind: string, type: string, abi: Abi | null, row: ImportRow | null }} Unserved */

const AVER_RUNTIME =
  "It is of Aver's runtime, which is a file of its own for unmerged modules: link aver_runtime.wasm.";

/** Signs of other worlds, by `module.name type`; the first that fits is told. @type {[RegExp, string][]} */
const WORLDS = [
  [/^wasi\.thread-spawn /, 'It starts threads (wasi-threads), which are not served here: build it without threads.'],
  [/^wasi:/, 'It is of WASI preview 2, whose programs are components: build it for wasm32-wasip1.'],
  [/^wasix_/, 'It is of WASIX, an extension of WASI: build it for wasm32-wasip1.'],
  [/^wasi_ephemeral_/, 'It is of a WASI proposal that is not served here.'],
  [/^(gojs|go)\./, "It needs Go's own JavaScript host: build it with GOOS=wasip1."],
  [/^wasm:/, "It is a builtin of JavaScript strings, which needs the page's own code."],
  [/^(wbg|__wbindgen\w*|\.\/.*_bg\.js)\./, 'It needs the JavaScript that wasm-bindgen wrote beside the module.'],
  [/^aver_runtime\./, AVER_RUNTIME],
  [/^env\.(seed \(\)|trace \(i32|abort \(i32, i32, i32, i32)/, "It needs AssemblyScript's host functions."],
  [
    /^(env|a)\.(emscripten_|__syscall|invoke_|_?emval|__cxa_|__assert_fail|abort(StackOverflow|OnCannotGrowMemory)? )/,
    'It needs the JavaScript that Emscripten wrote beside the module: build with -sSTANDALONE_WASM.',
  ],
];

const SHARED = 'It is a shared memory, for threads, which are not served here: build it without threads.';
/** Reasons of modules that need a host of their own, which is no module that could be linked. */
const OWN_HOST = new Set([SHARED, ...WORLDS.map(([, reason]) => reason).filter((reason) => reason !== AVER_RUNTIME)]);

/** Whether a module that exports it may be found. @param {string} reason */
export function mayBeLinked(reason) {
  return !OWN_HOST.has(reason);
}

/** @param {Unserved} unserved @returns {string} */
export function importReason({ module, name, kind, type, abi, row }) {
  if (kind === 'memory' && /shared/.test(type)) return SHARED;
  if (abi && row && kind !== 'function') return `${abi.title} has a function of this name, not a ${kind}.`;
  if (abi && row) {
    const later = module === 'aver' ? ' The module may be of the later wasm-gc target: build with --target wasm.' : '';
    return `Its type is wrong: ${abi.title} has \`${row.type}\`.${later}`;
  }
  const world = WORLDS.find(([sign]) => sign.test(`${module}.${name} ${type}`));
  if (world) return world[1];
  if (kind !== 'function') return `It is a ${kind} that the host would have to bring.`;
  if (abi && abi.module !== 'env') return `${abi.title} has no function of this name.`;
  return 'Nobody here serves this name.';
}
