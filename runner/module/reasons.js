/**
 * Why an import is not served, as a sentence: the tables of worlds that people's modules come from.
 */

/** @import { Abi, ImportRow } from '../guest/types.js' */

/** @typedef {{ module: string, name: string, kind: string, type: string, abi: Abi | null, row: ImportRow | null }} Unserved */

/**
 * What kind of reason it is. `host`: the module needs a host of its own, which is no module that could be linked; `name`: a
 * world that is served as a whole has nothing of this name, it is wrong or of another version; `nobody`: there is nothing else
 * to say; `other`: the sentence says it.
 * @typedef {'host' | 'name' | 'nobody' | 'other'} Cause
 */
/** @typedef {{ cause: Cause, sentence: string }} Reason */

/**
 * Signs of other worlds, by `module.name type`; the first that fits is told. The third: its cause, where that is not `host`.
 * @type {[RegExp, string, Cause?][]}
 */
const WORLDS = [
  [/^wasi\.thread-spawn /, 'It starts threads (wasi-threads), which are not served here: build it without threads.'],
  [/^wasi:/, 'It is of WASI preview 2, whose programs are components: build it for wasm32-wasip1.'],
  [/^wasix_/, 'It is of WASIX, an extension of WASI: build it for wasm32-wasip1.'],
  [/^wasi_ephemeral_/, 'It is of a WASI proposal that is not served here.'],
  [/^(gojs|go)\./, "It needs Go's own JavaScript host: build it with GOOS=wasip1."],
  [/^wasm:/, "It is a builtin of JavaScript strings, which needs the page's own code."],
  [/^(wbg|__wbindgen\w*|\.\/.*_bg\.js)\./, 'It needs the JavaScript that wasm-bindgen wrote beside the module.'],
  [
    /^aver_runtime\./,
    "It is of Aver's runtime, which is a file of its own for unmerged modules: link aver_runtime.wasm.",
    'other',
  ],
  [
    /^env\.((document|Reflect|Object|String|crypto|process|Math)\.|globalThis )/,
    "It needs the JavaScript that AssemblyScript's compiler wrote beside the module.",
  ],
  [
    /^(env|a)\.(_?emscripten_|__syscall|invoke_|_?_?emval|_embind_|__cxa_|__(assert_fail|throw_|resumeE)|llvm_eh_|[gs]etTempRet0 |_\w+_js |abort(StackOverflow|OnCannotGrowMemory)? )/,
    'It needs the JavaScript that Emscripten wrote beside the module: build with -sSTANDALONE_WASM.',
  ],
  [
    /^a\.\w{1,2} /,
    'Emscripten shortens names like this: then it needs the JavaScript beside the module, or -sSTANDALONE_WASM.',
    'other',
  ],
];

/** Whether a module that exports it may be found. @param {Cause} cause */
export function mayBeLinked(cause) {
  return cause === 'nobody' || cause === 'other';
}

/** @param {Unserved} unserved @returns {Reason} */
export function importReason({ module, name, kind, type, abi, row }) {
  if (kind === 'memory' && /shared/.test(type))
    return because('host', 'It is a shared memory, for threads, which are not served here: build it without threads.');
  if (abi && row && kind !== 'function')
    return because('other', `${abi.title} has a function of this name, not a ${kind}.`);
  if (abi && row) {
    const later = module === 'aver' ? ' The module may be of the later wasm-gc target: build with --target wasm.' : '';
    return because('other', `Its type is wrong: ${abi.title} has \`${row.type}\`.${later}`);
  }
  const world = WORLDS.find(([sign]) => sign.test(`${module}.${name} ${type}`));
  if (world) return because(world[2] ?? 'host', world[1]);
  if (kind !== 'function') return because('other', `It is a ${kind} that the host would have to bring.`);
  if (abi && abi.module !== 'env') return because('name', `${abi.title} has no function of this name.`);
  return because('nobody', 'Nobody here serves this name.');
}

/** @param {Cause} cause @param {string} sentence @returns {Reason} */
function because(cause, sentence) {
  return { cause, sentence };
}
