// A plain host for modules that our generator made, quick enough for hundreds of thousands: no worker, no limits. It holds
// a module to the two imports of its adapter, writes only parts of what wasi modules give it, and interrupts them.
/** Bits of a trap number that are its kind (backend/codegen/trap_map.h). */
const KIND_BITS = 6;
const ERRNO_INTR = 27;
/** What imports a module of each adapter may have. @type {Record<string, string[]>} */
const ALLOWED = {
  bytes: ['env.jsrust_write_byte', 'env.jsrust_flush'],
  blocks: ['env.jsrust_write'],
  wasi: ['wasi_snapshot_preview1.fd_write', 'wasi_snapshot_preview1.proc_exit'],
};

/**
 * `status`: 0, what it gave to `proc_exit`, or 40 after a trap. `place`: number in the section `jsrust.map`, 0 = none.
 * `thrown`: what the engine threw, if it did.
 * @typedef {{ stdout: Buffer, stderr: string, status: number, value: unknown, kind: number, place: number,
 *   thrown: string }} Ran
 */

class Exit {
  /** @param {number} status */
  constructor(status) {
    this.status = status;
  }
}

/** Output that grows. */
class Sink {
  bytes = new Uint8Array(256);
  length = 0;

  /** @param {Uint8Array} bytes */
  put(bytes) {
    this.#room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** @param {number} byte */
  byte(byte) {
    if (this.length === this.bytes.length) this.#room(1);
    this.bytes[this.length++] = byte;
  }

  /** @param {number} more */
  #room(more) {
    if (this.length + more <= this.bytes.length) return;
    const wider = new Uint8Array(2 * (this.length + more));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }

  whole() {
    return Buffer.from(this.bytes.buffer, 0, this.length);
  }
}

/**
 * @param {WebAssembly.Module} module
 * @param {'bytes' | 'blocks' | 'wasi'} adapter
 * @returns {Ran}
 */
export function runGenerated(module, adapter) {
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (!ALLOWED[adapter].includes(`${from}.${name}`)) throw new Error(`it imports ${from}.${name}`);
  }
  const stdout = new Sink();
  const stderr = new Sink();
  /** @type {any} */
  let exports = {};
  let calls = 0;
  const view = (/** @type {number} */ at, /** @type {number} */ length) =>
    new Uint8Array(exports.memory.buffer, at >>> 0, length >>> 0);
  const env = {
    jsrust_write_byte: (/** @type {number} */ byte) => (stdout.byte(byte), 1),
    jsrust_flush: () => 1,
    jsrust_write: (/** @type {number} */ at, /** @type {number} */ length) => (stdout.put(view(at, length)), 1),
  };
  const wasi = {
    /** One or two pieces; of every third call only a part is taken. @type {(...numbers: number[]) => number} */
    fd_write(fd, pieces, count, written) {
      if (++calls % 5 === 0) return ERRNO_INTR;
      const data = new DataView(exports.memory.buffer);
      let taken = 0;
      for (let i = 0; i < count; i++) {
        const length = data.getUint32(pieces + 8 * i + 4, true);
        const part = calls % 3 === 0 ? Math.ceil(length / 2) : length;
        (fd === 2 ? stderr : stdout).put(view(data.getUint32(pieces + 8 * i, true), part));
        taken += part;
        if (part < length) break;
      }
      data.setUint32(written, taken, true);
      return 0;
    },
    proc_exit(/** @type {number} */ status) {
      throw new Exit(status);
    },
  };
  exports = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: wasi }).exports;
  let status = 0;
  let thrown = '';
  let value;
  try {
    value = (adapter === 'wasi' ? exports._start : exports.main)();
  } catch (error) {
    if (error instanceof Exit) status = error.status;
    else [status, thrown] = [40, String(error)];
  }
  // WebAssembly 1.0 exports no global that changes: there it is a function.
  const { jsrust_trap: trap } = exports;
  const number = status === 0 ? 0 : typeof trap === 'function' ? trap() : (trap?.value ?? 0);
  const kind = number & ((1 << KIND_BITS) - 1);
  const ends = { status, value, kind, place: number >>> KIND_BITS, thrown };
  return { stdout: stdout.whole(), stderr: stderr.whole().toString(), ...ends };
}
