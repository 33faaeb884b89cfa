/**
 * Why an import is not served, as a sentence: the tables of worlds that people's modules come from.
 */

/** @import { Abi, ImportRow } from '../guest/types.js' */

/** @typedef {{ module: string, name: string, kind: string, type: string, abi: Abi | null, row: ImportRow | null }} Unserved */

/** The reason that is none: there is nothing else to say of the import. */
export const NOBODY = 'Nobody here serves this name.';
const AVER_RUNTIME =
  "It is of Aver's runtime, which is a file of its own for unmerged modules: link aver_runtime.wasm.";

const SHORTENED =
  'Emscripten shortens names like this: then it needs the JavaScript beside the module, or -sSTANDALONE_WASM.';
/** Reasons that another module may do away with. */
const MAY_BE_LINKED = new Set([AVER_RUNTIME, SHORTENED]);

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
  [
    /^env\.((document|Reflect|Object|String|crypto|process|Math)\.|globalThis )/,
    "It needs the JavaScript that AssemblyScript's compiler wrote beside the module.",
  ],
  [
    /^(env|a)\.(_?emscripten_|__syscall|invoke_|_?_?emval|_embind_|__cxa_|__(assert_fail|throw_|resumeE)|llvm_eh_|[gs]etTempRet0 |_\w+_js |abort(StackOverflow|OnCannotGrowMemory)? )/,
    'It needs the JavaScript that Emscripten wrote beside the module: build with -sSTANDALONE_WASM.',
  ],
  [/^a\.\w{1,2} /, SHORTENED],
];

const SHARED = 'It is a shared memory, for threads, which are not served here: build it without threads.';
/** Reasons of modules that need a host of their own, which is no module that could be linked. */
const OWN_HOST = new Set([
  SHARED,
  ...WORLDS.map(([, reason]) => reason).filter((reason) => !MAY_BE_LINKED.has(reason)),
]);

/** A world that is served as a whole: the name is wrong, or of another version. */
const NO_SUCH_NAME = 'has no function of this name.';

/** Whether a module that exports it may be found. @param {string} reason */
export function mayBeLinked(reason) {
  return !OWN_HOST.has(reason) && !reason.endsWith(NO_SUCH_NAME);
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
  if (abi && abi.module !== 'env') return `${abi.title} ${NO_SUCH_NAME}`;
  return 'Nobody here serves this name.';
}
