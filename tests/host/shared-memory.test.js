// Modules whose memory is shared, as those built for threads have it. It grows without detaching views of it, and in
// browsers a TextDecoder refuses it: so does the one here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemblyScript } from '../../runner/abi/assemblyscript.js';
import { aver } from '../../runner/abi/aver/index.js';
import { GuestMemory } from '../../runner/abi/guest-memory.js';
import { CallTrace } from '../../runner/abi/traced.js';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { fakeIo } from './fake-io.js';

const PAGE = 65536;

const { decode } = TextDecoder.prototype;
TextDecoder.prototype.decode = function (input, options) {
  const buffer = ArrayBuffer.isView(input) ? input.buffer : input;
  if (buffer instanceof SharedArrayBuffer) throw new TypeError('it must not be shared');
  return decode.call(this, input, options);
};

/** @param {Parameters<typeof fakeIo>[0]} [given] */
function sharedGuest(given) {
  const raw = new WebAssembly.Memory({ initial: 1, maximum: 8, shared: true });
  const memory = new GuestMemory();
  memory.attach(raw);
  const put = (/** @type {number} */ at, /** @type {string} */ text) => void memory.bytes.set(Buffer.from(text), at);
  return { ...fakeIo(given), guest: { memory, exports: {}, importTypes: {} }, memory, put, grow: () => raw.grow(1) };
}

test('AssemblyScript prints a string', () => {
  const { io, guest, memory, put, stdout } = sharedGuest();
  memory.view.setUint32(100, 4, true);
  put(104, 'h\0i\0');
  /** @type {any} */
  const { functions, describe } = assemblyScript.serve(io, guest);
  functions['console.log'](104);
  assert.equal(stdout(), 'hi\n');
  assert.deepEqual(describe['console.log'](104), { text: 'hi' });
});

test('WASI opens a path', () => {
  const { io, guest, put } = sharedGuest({ files: [{ kind: 'file', path: 'name', bytes: new Uint8Array(1) }] });
  put(100, 'name');
  /** @type {any} */
  const { functions } = wasiPreview1.serve(io, guest);
  assert.equal(functions.path_open(3, 0, 100, 4, 0, 2n, 0n, 0, 200), 0);
});

test('calls are traced with their texts', () => {
  const { guest, put } = sharedGuest();
  put(100, 'text\0');
  /** @type {string[]} */
  const lines = [];
  const write = (/** @type {string} */ line) => void lines.push(line);
  const trace = new CallTrace({ guest, now: () => 0, write, errno: String, most: 10 });
  const row = { type: 'i32 i32 i32 ->', parameters: 'text:text name:cstring', result: '' };
  trace.wrap('env.f', row, () => {})(100, 4, 100);
  assert.deepEqual(JSON.parse(lines[0]).args, { text: 'text', name: 'text' });
});

test('a string for an Aver program without `alloc` lies in the pages that were added for it', () => {
  const { io, guest, memory } = sharedGuest({ args: ['x'.repeat(50)] });
  /** @type {any} */
  const { functions } = aver.serve(io, guest);
  assert.deepEqual(functions.args_get(0), [2 * PAGE - 50, 50]);
  assert.ok(memory.holds(0, 2 * PAGE));
  assert.ok(
    memory.bytes.subarray(0, PAGE).every((byte) => byte === 0),
    'nothing is written where the program has its own',
  );
});

test('what lies in pages that came later is there', () => {
  const { io, guest, memory, put, stdout, grow } = sharedGuest();
  /** @type {any} */
  const wasi = wasiPreview1.serve(io, guest).functions;
  /** @type {any} */
  const { console_print: print } = aver.serve(io, guest).functions;
  memory.view.setUint32(100, PAGE, true);
  memory.view.setUint32(104, 3, true);
  assert.equal(wasi.fd_write(1, 100, 1, 200), 21, 'not yet');
  grow();
  put(PAGE, 'new');
  assert.equal(wasi.fd_write(1, 100, 1, 200), 0);
  print(PAGE, 3);
  assert.equal(stdout(), 'newnew');
});
