// What the options of the page say, as the request to a module's worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesToGive, keysOf, readsLive, requestOf, wantsPeople } from '../../web/guest/request.js';
import { isWhole, splitWords } from '../../web/guest/words.js';
import { initialState } from '../../web/state.js';

const plan = /** @type {any} */ ({ kind: 'wasi', readsLines: true, readsKeys: false });
const bytes = new Uint8Array([1]);
const file = (/** @type {string} */ path) => ({ path, kind: /** @type {const} */ ('file'), bytes });

/** @param {object} guest @param {object} [more] */
function stateWith(guest, more = {}) {
  const state = initialState();
  const program = { name: 'tool.wasm', bytes, source: { kind: 'loose' }, entry: '' };
  const options = { ...state.options, guest: { ...state.options.guest, ...guest } };
  return /** @type {any} */ ({ ...state, plan, program, options, ...more });
}

test('texts become arguments, variables, input, keys and clocks', () => {
  const guest = {
    args: `-v "two words" it\\'s`,
    env: 'A=1\n\nnonsense\nB=x=y',
    stdin: 'hé\n',
    keys: ' up, space  x comma ',
    seed: '7',
    clock: '1970-01-01T00:00:01Z',
    stub: true,
    trace: false,
  };
  const request = requestOf(stateWith(guest), []);
  assert.deepEqual(request.args, ['-v', 'two words', "it's"]);
  assert.deepEqual(request.env, { A: '1', B: 'x=y' });
  assert.deepEqual(request.stdin, new TextEncoder().encode('hé\n'));
  assert.deepEqual(request.keys, ['up', ' ', 'x', ',']);
  assert.equal(request.seed, '7');
  assert.equal(request.clock, 1000);
  assert.equal(request.stub, true);
  assert.equal(request.tracedCalls, 0);
  assert.equal(request.programName, 'tool.wasm');
});

test('input that is given is all of it; without any, what is typed is', () => {
  for (const [guest, more, interactive] of /** @type {[object, object, boolean][]} */ ([
    [{}, {}, true],
    [{ stdin: 'x' }, {}, false],
    [{}, { inputMode: 'suspend' }, true],
    [{}, { inputMode: 'prepared' }, false],
    [{}, { plan: { ...plan, readsLines: false } }, false],
  ])) {
    const state = stateWith(guest, more);
    assert.equal(requestOf(state, []).interactive, interactive);
    assert.deepEqual(requestOf(state, []).terminal, { input: interactive, output: interactive });
    assert.equal(readsLive(state), interactive || state.inputMode === 'prepared');
  }
});

test('what a terminal shows is printed to a terminal, wherever the input is from', () => {
  const { terminal } = requestOf(stateWith({ stdin: 'x' }, { outputView: 'terminal' }), []);
  assert.deepEqual(terminal, { input: false, output: true });
});

test("the visitor's files take the place of an example's, and variables that of the terminal's", () => {
  const state = stateWith({ env: 'TERM=dumb' }, { uploads: [file('a.txt')] });
  state.program.given = { inputs: {}, files: [file('a.txt'), file('b.txt')], terminal: 'none' };
  const terminal = { size: { columns: 7, rows: 3 }, env: { TERM: 'xterm', LINES: '3' } };
  const request = requestOf(state, [], terminal);
  assert.deepEqual(
    request.files.map(({ path }) => path),
    ['b.txt', 'a.txt'],
  );
  assert.equal(/** @type {any} */ (request.files[1]).bytes, state.uploads[0].bytes);
  assert.deepEqual(request.env, { TERM: 'dumb', LINES: '3' });
  assert.deepEqual(request.size, { columns: 7, rows: 3 });
});

test('a program is to be talked with if it reads keys, is Aver, or an example says so', () => {
  assert.equal(wantsPeople(plan), false);
  assert.equal(wantsPeople(plan, 'line'), true);
  assert.equal(wantsPeople({ ...plan, kind: 'aver' }), true);
  assert.equal(wantsPeople({ ...plan, readsLines: false, readsKeys: true }), true);
  assert.equal(wantsPeople({ ...plan, readsLines: false }, 'raw'), false);
});

test('names of keys and quotes that do not close are told', () => {
  assert.deepEqual(keysOf(''), { keys: [] });
  assert.match(/** @type {any} */ (keysOf('up sideways')).error, /no key "sideways"/);
  assert.deepEqual(splitWords(`a 'b c' "d \\" e"`), ['a', 'b c', 'd " e']);
  for (const [text, whole] of /** @type {[string, boolean][]} */ ([
    ['', true],
    ['a "b"', true],
    ['a "b', false],
    ["it's", false],
  ]))
    assert.equal(isWhole(text), whole, text);
});

test('few bytes of files go as they are, many as copies to give away', async () => {
  const small = [file('a'), { path: 'b', kind: /** @type {const} */ ('directory') }];
  assert.deepEqual(await filesToGive(small), { files: small, given: [] });

  const large = { path: 'c', kind: /** @type {const} */ ('file'), bytes: new Uint8Array(20 << 20).fill(3) };
  let turns = 0;
  const timer = setInterval(() => (turns += 1));
  const { files, given } = await filesToGive([...small, large]);
  clearInterval(timer);
  assert.deepEqual(files, [...small, large]);
  assert.deepEqual(
    given,
    [files[0], files[2]].map((each) => each.kind === 'file' && each.bytes.buffer),
  );
  assert.equal(given.includes(large.bytes.buffer), false, 'the page keeps its own');
  assert.ok(turns > 0, 'others have their turn meanwhile');
});
