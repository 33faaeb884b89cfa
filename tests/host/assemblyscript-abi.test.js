// The imports of AssemblyScript's programs, as far as no module shows them (fixtures/wasm/assemblyscript.wat): strings in
// pieces, a slow reader, wild pointers, and the words of traced calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemblyScript } from '../../runner/abi/assemblyscript.js';
import { fakeIo, guestWith } from './aver-io.js';

const PAGE = 65536;

function served() {
  const { io, ...seen } = fakeIo();
  const guest = guestWith();
  /** @type {any} */
  const abi = assemblyScript.serve(io, guest);
  /** @param {number} pointer @param {string} text */
  const put = (pointer, text) => {
    guest.memory.view.setUint32(pointer - 4, text.length * 2, true);
    guest.memory.bytes.set(new Uint8Array(Buffer.from(text, 'utf16le')), pointer);
    return pointer;
  };
  return { ...seen, io, guest, put, functions: abi.functions, describe: abi.describe };
}

test('every import has a row, every row a function', () => {
  const { functions } = served();
  assert.deepEqual(Object.keys(functions).sort(), Object.keys(assemblyScript.table).sort());
  for (const [name, call] of Object.entries(functions)) assert.equal(typeof call, 'function', name);
});

test('characters that a piece cuts in two come out whole', () => {
  const { functions, put, stdout, guest } = served();
  guest.memory.grow(2);
  // The last unit of a piece is the first half of a character, and one half stays alone.
  const text = `${'x'.repeat(8191)}😀${'y'.repeat(8190)}😀\ud83d.`;
  functions['console.log'](put(8, text));
  assert.equal(stdout(), `${text.replace('\ud83d.', '\ufffd.')}\n`);
  functions['console.log'](put(8, '\ufeffmarked'));
  assert.ok(stdout().endsWith('\n\ufeffmarked\n'));
});

test('pieces wait for the reader, in order', async () => {
  const { functions, put, io, guest } = served();
  guest.memory.grow(2);
  let text = '';
  let under = 0;
  io.write = async (/** @type {number} */ stream, /** @type {Uint8Array} */ bytes) => {
    assert.equal(++under, 1, 'one at a time');
    await Promise.resolve();
    text += Buffer.from(bytes).toString();
    under--;
  };
  const expected = 'abcdefg'.repeat(5000);
  await functions['console.error'](put(8, expected));
  assert.equal(text, `${expected}\n`);
});

test('wild pointers and lengths are said to be outside', () => {
  for (const [pointer, length] of [[2], [PAGE + 4], [-1], [16, 0xffffffff], [PAGE - 4, 6], [16, PAGE]]) {
    const { functions, guest, stdout } = served();
    const end = guest.memory.bytes.length;
    const at = pointer >= PAGE - 4 ? end - PAGE + pointer : pointer;
    if (length !== undefined) guest.memory.view.setUint32(at - 4, length === PAGE ? end : length, true);
    functions['console.log'](at);
    assert.equal(stdout(), '(a string outside the memory)\n', `${pointer} ${length}`);
    assert.throws(() => functions.abort(at, at, 1, 2), {
      message: 'aborted: (a string outside the memory) ((a string outside the memory):1:2)',
    });
  }
});

test('what a program says as it ends is one line of bounded length', () => {
  const { functions, put } = served();
  const said = put(64, `a\u202eb\n${'x'.repeat(2000)}`);
  assert.throws(() => functions.abort(said, 0, 0, 0), {
    message: /^aborted: a\\u\{202e\}b\\nx{900,1000}\.\.\. \(2004 characters\)$/,
  });
});

test('clocks by label are bounded', () => {
  const { functions, put, stdout } = served();
  for (let each = 0; each <= 1000; each++) functions['console.time'](put(64, String(each)));
  functions['console.timeLog'](put(64, '999'));
  functions['console.timeLog'](put(64, '1000'));
  assert.match(stdout(), /^999: [\d.]+ms\n$/);
});

test('traced calls have their strings', () => {
  const { describe, put } = served();
  const text = put(64, 'text');
  assert.deepEqual(describe['console.log'](text), { text: 'text' });
  assert.deepEqual(describe['console.assert'](0, text), { condition: false, text: 'text' });
  assert.deepEqual(describe.abort(text, 0, 3, 4), { message: 'text', file: null, line: 3, column: 4 });
  assert.deepEqual(describe.trace(text, 2, 1, 2, 0, 0, 0), { message: 'text', numbers: [1, 2] });
  for (const [name, row] of Object.entries(assemblyScript.table))
    if (/text:|message:/.test(row.parameters)) assert.ok(Object.hasOwn(describe, name), name);
});
