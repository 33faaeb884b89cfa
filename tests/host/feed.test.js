// Standard input of a module from an iterable, by the library's `run`: what chunks may be, and what is said of those that are
// nothing (runner/feed.js).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../runner/index.js';
import { project } from '../lib/files.mjs';

const bytes = readFileSync(join(project, 'fixtures/aver/readline_echo.wasm'));
const textOf = (/** @type {Uint8Array} */ from) => new TextDecoder().decode(from);
const encoded = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {unknown[]} chunks @returns {any} */
async function* chunksOf(...chunks) {
  yield* chunks;
}

const LINES = 'one\nzwölf\n';

for (const [what, chunk, text = LINES] of /** @type {[string, unknown, string?][]} */ ([
  ['a text', LINES],
  ['a Buffer', Buffer.from(LINES)],
  ['an ArrayBuffer', encoded(LINES).buffer],
  ['a DataView of a part', new DataView(encoded(`<${LINES}>`).buffer, 1, encoded(LINES).length)],
  ['numbers of 16 bits, as they lie in memory', new Uint16Array(encoded(`${LINES}\n`).buffer), `${LINES}\n`],
  ['clamped bytes', new Uint8ClampedArray(encoded(LINES))],
])) {
  test(`a chunk of \`stdin\` may be ${what}`, async () => {
    const whole = await run({ bytes, stdin: text });
    const result = await run({ bytes, stdin: chunksOf(chunk) });
    assert.deepEqual([result.code, textOf(result.stdout)], [0, textOf(whole.stdout)]);
  });
}

for (const [chunk, what] of /** @type {[unknown, string][]} */ ([
  [5, 'a number'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[65, 10], 'an array'],
  [{ length: 2 }, 'an object'],
  [Symbol('x'), 'a symbol'],
])) {
  test(`${what} as a chunk of \`stdin\` ends the run and says so`, async () => {
    const result = await run({ bytes, stdin: chunksOf(encoded('one\n'), chunk) });
    const sentence = `option \`stdin\`: chunk 2 must be bytes or a text, but is ${what}`;
    assert.deepEqual([result.code, result.message], [11, sentence]);
  });
}

const sources = /** @type {Record<string, () => any>} */ ({
  'a generator that throws': async function* () {
    yield 'one\n';
    throw new Error('gone');
  },
  'a step that rejects': () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('gone')) }) }),
  'a step that throws': () => ({
    [Symbol.asyncIterator]: () => ({
      next() {
        throw new Error('gone');
      },
    }),
  }),
});
for (const [what, source] of Object.entries(sources)) {
  test(`${what} is no end of the input`, async () => {
    const { code, kind, message } = await run({ bytes, stdin: source() });
    assert.deepEqual([code, kind, message], [10, 'io-error', 'the input could not be read: gone']);
  });
}

test('a run that was stopped before its source failed was stopped', async () => {
  const ending = new AbortController();
  const stdin = (async function* () {
    ending.abort();
    yield 'one\n';
    throw new Error('gone');
  })();
  const result = await run({ bytes, stdin, signal: ending.signal });
  assert.deepEqual([result.code, result.message], [40, 'stopped']);
});
