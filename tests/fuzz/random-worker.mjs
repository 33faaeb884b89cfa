// One process of random-modules.mjs: has random_modules.c make and interpret the modules of a share of seeds, runs the
// compiled ones and compares. Sends its parent every difference as a line, and at the end what it counted.
// Arguments: those of random_modules.c behind the path of that program.
import { spawn } from 'node:child_process';
import wabtModule from 'wabt';
import { TRAP_SENTENCES } from '../../runner/compiled/trap-kinds.js';
import { MAP_SECTION, chainsOf } from '../../runner/compiled/trap-map.js';
import { runGenerated } from './run-generated.mjs';

const LEVELS = ['', 'O0', 'O1', 'O2', 'Os'];
/** By number (random_modules.c), with the host that it runs in. */
const ADAPTERS = /** @type {const} */ ([
  ['bytes', 'bytes'],
  ['wasi', 'wasi'],
  ['blocks', 'blocks'],
  ['mvp', 'bytes'],
]);
const NOWHERE = 0xffffffff;
const RECORD_BYTES = 36; // up to the output
const MODULE_BYTES = 12; // up to its bytes

const off = {
  ...{ exceptions: false, mutable_globals: false, sat_float_to_int: false, sign_extension: false, simd: false },
  ...{ threads: false, function_references: false, multi_value: false, tail_call: false, bulk_memory: false },
  ...{ reference_types: false, annotations: false, code_metadata: false, gc: false, memory64: false },
  ...{ multi_memory: false, extended_const: false, relaxed_simd: false },
};
/** What compiled modules may use of WebAssembly (README); at level `mvp` nothing. */
const used = {
  ...off,
  ...{ mutable_globals: true, sat_float_to_int: true, sign_extension: true, multi_value: true, bulk_memory: true },
};

const wabt = await wabtModule();

/** @typedef {{ seed: number, trap: number, function: number, block: number, instruction: number, value: bigint,
 *   stdout: Buffer }} Expected */
/** @typedef {{ failure: string } | { sum: ReturnType<typeof tally> }} Message */

/** Why wabt does not take a module, or nothing. @param {Uint8Array} bytes @param {object} features */
function faultByWabt(bytes, features) {
  /** @type {ReturnType<typeof wabt.readWasm> | null} */
  let module = null;
  try {
    module = wabt.readWasm(bytes, /** @type {any} */ (features));
    module.validate();
    return '';
  } catch (thrown) {
    return String(thrown);
  } finally {
    module?.destroy();
  }
}

/** What differs, or nothing. @param {Expected} want @param {Uint8Array<ArrayBuffer>} bytes @param {number} adapter */
function difference(want, bytes, adapter) {
  const [name, host] = ADAPTERS[adapter];
  const fault = faultByWabt(bytes, name === 'mvp' ? off : used);
  if (fault) return `wabt: ${fault}`;
  const module = new WebAssembly.Module(bytes); // throws what the engine's validator finds
  const ran = runGenerated(module, host);
  if (!ran.stdout.equals(want.stdout))
    return `prints ${shown(ran.stdout)} for ${shown(want.stdout)}, ends with ${ran.status} ${ran.thrown}`;
  if (ran.kind !== want.trap) return `trap ${ran.kind} for ${want.trap} (${ran.thrown})`;
  if (ran.status !== (want.trap ? 40 : 0)) return `status ${ran.status}`;
  if (!want.trap && name !== 'wasi' && ran.value !== want.value) return `value ${ran.value} for ${want.value}`;
  const knows = want.trap && want.function !== NOWHERE;
  if (knows) {
    const [section] = WebAssembly.Module.customSections(module, MAP_SECTION);
    const [place] = section ? chainsOf(new Uint8Array(section), [ran.place]) : [];
    const is = [place?.functionIndex, place?.block, place?.instruction];
    if (String(is) !== String([want.function, want.block, want.instruction]))
      return `place ${is} for ${want.function},${want.block},${want.instruction}`;
  }
  if (name !== 'wasi') return '';
  const where = knows ? ` in \`f\`, block ${want.block}, instruction ${want.instruction}` : '';
  const line = want.trap ? `error[execute-error]: ${TRAP_SENTENCES[want.trap]}${where}\n` : '';
  return ran.stderr === line ? '' : `stderr ${JSON.stringify(ran.stderr)} for ${JSON.stringify(line)}`;
}

const shown = (/** @type {Buffer} */ text) => JSON.stringify(text.subarray(-60).toString('latin1'));

const tally = () => ({
  seeds: 0,
  limited: 0,
  traps: 0,
  modules: 0,
  bytes: 0,
  pairs: /** @type {Record<string, number>} */ ({}),
});

/** Takes the whole records from the front of `bytes`; returns where they end. @param {Buffer} bytes @param {ReturnType<typeof tally>} sum */
function takeRecords(bytes, sum) {
  for (let start = 0; ;) {
    const end = recordEnd(bytes, start);
    if (end < 0) return start;
    takeRecord(bytes, start, sum);
    start = end;
  }
}

/** -1: it is not all there. @param {Buffer} bytes @param {number} at */
function recordEnd(bytes, at) {
  if (bytes.length - at < RECORD_BYTES) return -1;
  at += RECORD_BYTES + bytes.readUInt32LE(at + RECORD_BYTES - 4);
  if (bytes.length - at < 4) return -1;
  let left = bytes.readUInt32LE(at);
  for (at += 4; left > 0; left--) {
    if (bytes.length - at < MODULE_BYTES) return -1;
    at += MODULE_BYTES + bytes.readUInt32LE(at + 8);
  }
  return at <= bytes.length ? at : -1;
}

/** @param {Buffer} bytes @param {number} at @param {ReturnType<typeof tally>} sum */
function takeRecord(bytes, at, sum) {
  const [seed, , trap, functionIndex, block, instruction] = [0, 4, 8, 12, 16, 20].map((n) =>
    bytes.readUInt32LE(at + n),
  );
  const value = bytes.readBigInt64LE(at + 24);
  at += RECORD_BYTES;
  const stdout = bytes.subarray(at, at + bytes.readUInt32LE(at - 4));
  at += stdout.length;
  const want = { seed, trap, function: functionIndex, block, instruction, value, stdout };
  const count = bytes.readUInt32LE(at);
  at += 4;
  sum.seeds++;
  sum.traps += trap ? 1 : 0;
  sum.limited += count === 0 ? 1 : 0;
  for (let i = 0; i < count; i++) {
    const [level, adapter, length] = [0, 4, 8].map((n) => bytes.readUInt32LE(at + n));
    const module = new Uint8Array(bytes.subarray(at + MODULE_BYTES, at + MODULE_BYTES + length));
    at += MODULE_BYTES + length;
    const pair = `${LEVELS[level]} ${ADAPTERS[adapter][0]}`;
    let what;
    try {
      what = difference(want, module, adapter);
    } catch (thrown) {
      what = String(thrown);
    }
    if (what) tell({ failure: `seed ${seed}, ${pair}: ${what}` });
    sum.modules++;
    sum.bytes += length;
    sum.pairs[pair] = (sum.pairs[pair] ?? 0) + 1;
  }
}

function tell(/** @type {Message} */ message) {
  process.send?.(message);
}

const [program, ...args] = process.argv.slice(2);
const sum = tally();
const child = spawn(program, args);
let said = '';
child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said = (said + text).slice(-2000)));
const closed = new Promise((resolve) => child.on('close', (status, signal) => resolve(status ?? signal)));
let waiting = Buffer.alloc(0);
for await (const chunk of child.stdout) {
  const bytes = Buffer.concat([waiting, chunk]);
  waiting = bytes.subarray(takeRecords(bytes, sum));
}
const status = await closed;
if (status !== 0 || waiting.length > 0)
  tell({ failure: `random_modules ${args.join(' ')} ended with ${status}: ${said}` });
tell({ sum });
