// Calls of imports as the page keeps them (web/guest/call-log.js, call-index.js): lines from pieces, bounds, filter, totals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { openModule } from '../../runner/module/open.js';
import { instantiateTools } from '../../runner/module/tools.js';
import { moduleHost } from '../../runner/node/module-host.js';
import { CallIndex } from '../../web/guest/call-index.js';
import { argumentsText, resultText, wideNumbers } from '../../web/guest/call-text.js';
import { CallLog, KEPT_BYTES, KEPT_LINES } from '../../web/guest/call-log.js';

const encoder = new TextEncoder();

/** A line as abi/traced.js writes it. @param {number} n @param {string} call @param {object} [args] */
const line = (n, call, args = {}) => `${JSON.stringify({ n, at: n, took: 0.5, call, args, result: 0 })}\n`;

/** An index that has looked at all there is. @param {CallLog} log */
async function indexed(log) {
  /** @type {(() => void)[]} */
  let waiting = [];
  const index = new CallIndex(log, () => waiting.splice(0).forEach((each) => each()));
  const settled = async (/** @type {number} */ count) => {
    while (index.count !== count)
      await new Promise((/** @type {(value: void) => void} */ resolve) => waiting.push(resolve));
  };
  return { index, settled };
}

test('lines are whole however they are cut', () => {
  const text = line(1, 'env.log', { text: 'häß\n"' }) + line(2, 'env.log') + line(3, 'wasi.fd_write');
  const bytes = encoder.encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const log = new CallLog();
    log.append(bytes.slice(0, cut));
    log.append(bytes.slice(cut));
    assert.equal(log.count, 3);
    assert.deepEqual(log.at(0)?.args, { text: 'häß\n"' });
    assert.equal(log.at(2)?.call, 'wasi.fd_write');
    assert.equal(Buffer.concat(log.parts()).toString(), text);
  }
});

test('a line that says nothing is no call, and one that is not there is none', () => {
  const log = new CallLog();
  log.append(encoder.encode('not json\n[]\nnull\n\n'));
  assert.equal(log.count, 3);
  for (const index of [-1, 0, 1, 2, 3]) assert.equal(log.at(index), null);
});

test('the first lines are kept, later ones counted', () => {
  const log = new CallLog();
  const some = encoder.encode(line(7, 'env.f').repeat(1000));
  for (let i = 0; i < KEPT_LINES / 1000 + 2; i++) log.append(some);
  assert.equal(log.count, KEPT_LINES);
  assert.equal(log.dropped, 2000);
  assert.equal(log.at(KEPT_LINES - 1)?.call, 'env.f');
});

test('bytes are bounded, too', () => {
  const log = new CallLog();
  const long = encoder.encode(line(1, 'env.f', { text: 'x'.repeat(1 << 20) }));
  for (let i = 0; i < 80; i++) log.append(long);
  assert.ok(log.count < 64 && log.count > 60);
  assert.equal(log.dropped, 80 - log.count);
  assert.ok(log.parts().reduce((sum, { length }) => sum + length, 0) <= KEPT_BYTES);
});

test('clearing begins anew', () => {
  const log = new CallLog();
  let told = 0;
  log.onChange(() => (told += 1));
  log.append(encoder.encode(line(1, 'env.f') + '{"half'));
  const { generation } = log;
  log.clear();
  log.append(encoder.encode(line(1, 'env.g')));
  assert.equal(log.at(0)?.call, 'env.g');
  assert.notEqual(log.generation, generation);
  assert.equal(told, 3);
});

test('totals by import, and filters by text and import', async () => {
  const log = new CallLog();
  const { index, settled } = await indexed(log);
  log.append(
    encoder.encode(
      Array.from({ length: 3000 }, (_, i) => line(i, i % 3 ? 'env."a"' : 'env.b', { text: `Item ${i}` })).join(''),
    ),
  );
  await settled(3000);
  assert.deepEqual(index.totals, [
    { call: 'env."a"', count: 2000, time: 1000 },
    { call: 'env.b', count: 1000, time: 500 },
  ]);
  index.setFilter({ text: '', call: 'env.b' });
  await settled(1000);
  assert.equal(index.line(1), 3);
  index.setFilter({ text: 'ITEM 2', call: 'env.b' });
  const wanted = Array.from({ length: 3000 }, (_, i) => i).filter((i) => i % 3 === 0 && `item ${i}`.includes('item 2'));
  await settled(wanted.length);
  assert.deepEqual(
    wanted.map((_, row) => index.line(row)),
    wanted,
  );
  index.setFilter({ text: '', call: '' });
  await settled(3000);
});

test('a new run begins with empty totals', async () => {
  const log = new CallLog();
  const { index, settled } = await indexed(log);
  log.append(encoder.encode(line(1, 'env.f') + line(2, 'env.f')));
  await settled(2);
  log.clear();
  log.append(encoder.encode(line(1, 'env.g')));
  await settled(1);
  assert.deepEqual(index.totals, [{ call: 'env.g', count: 1, time: 0.5 }]);
});

test('fields in another order are read, too', async () => {
  const log = new CallLog();
  const { index, settled } = await indexed(log);
  log.append(encoder.encode('{"call":"env.f","took":2,"args":{}}\nnonsense\n'));
  await settled(2);
  assert.deepEqual(index.totals, [
    { call: 'env.f', count: 1, time: 2 },
    { call: '', count: 1, time: 0 },
  ]);
});

test('what a wide parameter has is a number, and what looks like one elsewhere a text', async () => {
  const base = { n: 1, at: 0, took: 0 };
  const imports = [
    '(import "wasi_snapshot_preview1" "fd_seek" (func (param i32 i64 i32 i32) (result i32)))',
    '(import "wasi_unstable" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))',
    '(import "aver" "print_value" (func (param i32 i64)))',
    '(import "aver" "console_readLine" (func (result i32 i32)))',
  ];
  const tools = instantiateTools(await moduleHost.tools(undefined));
  const { plan } = openModule(tools, await assemble('test', `(module ${imports.join(' ')})`));
  const wide = wideNumbers(plan ?? assert.fail());
  const shown = (/** @type {string} */ call, /** @type {Record<string, unknown>} */ args) =>
    argumentsText({ ...base, call, args }, wide);
  const seek = { fd: 3, offset: '-9223372036854775808' };
  assert.equal(shown('wasi_snapshot_preview1.fd_seek', seek), 'fd 3, offset -9223372036854775808');
  const open = { path: '0x10', fs_rights_base: '0x1fffffff' };
  assert.equal(shown('wasi_unstable.path_open', open), 'path "0x10", fs_rights_base 0x1fffffff');
  assert.equal(shown('aver.print_value', { tag: 'String', value: 'a\nb' }), 'tag "String", value "a\\nb"');
  assert.equal(shown('nameless', { offset: '1' }), 'offset "1"');
  const line = { ...base, call: 'aver.console_readLine', args: {}, result: '12' };
  assert.equal(resultText(line, wide), '= "12"', 'a line that looks like a number');
});

test('numbers that have no name, wide ones and errors are not written as texts', () => {
  const base = { n: 1, at: 0, took: 0, call: 'env.draw' };
  assert.equal(
    argumentsText({ ...base, args: { 0: 1, 1: '99', 2: 'NaN', path: '99' } }, new Map()),
    '1, 99, NaN, path "99"',
  );
  /** @type {[unknown, string][]} */
  const results = [
    ['-9223372036854775808', '= -9223372036854775808'],
    ['ENOENT', '= ENOENT'],
    ['SUCCESS', '= SUCCESS'],
    ['a line', '= "a line"'],
  ];
  for (const [result, text] of results) assert.equal(resultText({ ...base, args: {}, result }, new Map()), text);
});
