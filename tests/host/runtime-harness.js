// The runtime of compiled programs by itself: backend/build/runtime.wasm with hosts made for tests, as the module writer
// would bind it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, readText } from '../lib/files.mjs';

const module = new WebAssembly.Module(
  readFileSync(process.env.JSRUST_RUNTIME ?? join(project, 'backend/build/runtime.wasm')),
);

/** Trap kinds by name and their sentences. */
const traps = [...readText('backend/ir/traps.def').matchAll(/^TRAP\((\w+), "(.*)"\)$/gm)];
/** @type {Record<string, number>} */
export const TRAP = Object.fromEntries(traps.map(([, name], kind) => [name, kind]));
export const SENTENCE = Object.fromEntries(traps.map(([, name, sentence]) => [name, sentence]));

/** The end of a program by its own wish. */
export class Exit extends Error {
  constructor(/** @type {number} */ status) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/**
 * @typedef {object} Host
 * @property {'bytes' | 'block' | 'wasi'} [way] how output leaves
 * @property {(bytes: Uint8Array) => boolean} [accept] jsrust: whether the host takes what it is given
 * @property {(fd: number, bytes: Uint8Array) => { error?: number, take?: number }} [fdWrite] wasi: what a call does
 */

/** An instance; `pieces` are what the host was given, one entry a call, and 'flush' for a flush. */
export function startRuntime(/** @type {Host} */ { way = 'bytes', accept = () => true, fdWrite = () => ({}) } = {}) {
  /** @type {{ fd: number, bytes: Uint8Array }[]} */
  const pieces = [];
  let flushes = 0;
  const copy = (/** @type {number} */ at, /** @type {number} */ len) =>
    new Uint8Array(x.memory.buffer, at, len).slice();
  const take = (/** @type {Uint8Array} */ bytes) => {
    const taken = accept(bytes);
    if (taken) pieces.push({ fd: 1, bytes });
    return taken ? 1 : 0;
  };
  const instance = new WebAssembly.Instance(module, {
    late: {
      output: (/** @type {number} */ at, /** @type {number} */ len) => x[`output_${way}`](at, len),
      output_byte: (/** @type {number} */ byte) => x[`output_byte_${way}`](byte),
    },
    env: {
      jsrust_write_byte: (/** @type {number} */ byte) => take(Uint8Array.of(byte)),
      jsrust_flush: () => ++flushes,
      jsrust_write: (/** @type {number} */ at, /** @type {number} */ len) => take(copy(at, len)),
    },
    wasi_snapshot_preview1: {
      fd_write(fd = 0, vectors = 0, count = 0, result = 0) {
        const view = new DataView(x.memory.buffer);
        if (count !== 1) throw new Error(`${count} vectors`);
        const bytes = copy(view.getUint32(vectors, true), view.getUint32(vectors + 4, true));
        const { error = 0, take: taken = bytes.length } = fdWrite(fd, bytes);
        if (error) return error;
        pieces.push({ fd, bytes: bytes.subarray(0, taken) });
        view.setUint32(result, taken, true);
        return 0;
      },
      proc_exit(status = 0) {
        throw new Exit(status);
      },
    },
  });
  /** @type {any} */
  const x = instance.exports;
  const joined = (fd = 1) => Buffer.concat(pieces.filter((piece) => piece.fd === fd).map((piece) => piece.bytes));
  return {
    x,
    pieces,
    flush: () => x[`flush_${way}`](),
    flushes: () => flushes,
    text: (fd = 1) => joined(fd).toString('utf8'),
    bytes: joined,
    view: () => new DataView(x.memory.buffer),
    setCell: (/** @type {string} */ name, /** @type {number} */ value) =>
      new DataView(x.memory.buffer).setUint32(x[`cell_${name}`].value, value, true),
    high: () => new DataView(x.memory.buffer).getBigUint64(x.cell_high.value, true),
    /** Puts a data item (u32 length, bytes) there. */
    putItem(/** @type {number} */ at, /** @type {Uint8Array} */ bytes) {
      new DataView(x.memory.buffer).setUint32(at, bytes.length, true);
      new Uint8Array(x.memory.buffer).set(bytes, at + 4);
    },
  };
}

/** Numbers that come again: u64 with all lengths of bits about as often. */
export function randomNumbers(seed = 1) {
  let state = BigInt(seed) * 0x9e3779b97f4a7c15n;
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return BigInt.asUintN(64, (state >> 29n) * 0xbf58476d1ce4e5b9n) ^ (state >> 32n);
  };
  return {
    u64: next,
    below: (/** @type {number} */ n) => Number((next() >> 11n) % BigInt(n)),
    /** Of up to `bits` bits. */
    sized(/** @type {number} */ bits) {
      const all = bits > 64 ? (next() << 64n) | next() : next();
      return BigInt.asUintN(Number(next() >> 40n) % (bits + 1), all);
    },
  };
}
