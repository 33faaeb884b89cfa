// What somebody brings to the page at once: each file in turn, and what cannot be read is told beside what can.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_BYTES, faultOfDropped, intake } from '../../web/intake.js';

const file = (/** @type {string} */ name, size = 3) =>
  /** @type {File} */ (/** @type {unknown} */ ({ name, size, arrayBuffer: async () => new ArrayBuffer(size) }));
/** As browsers give a folder that was dropped. */
const folder = (/** @type {string} */ name) =>
  /** @type {File} */ (
    /** @type {unknown} */ ({ name, size: 4096, arrayBuffer: () => Promise.reject(new Error('NotFoundError')) })
  );
const UNREAD = 'The file could not be read. A folder cannot be dropped; choose a file in it.';

/** @param {File[]} files @returns {Promise<[string[], string[]]>} what is opened or refused in turn, and what is noted */
async function bring(files) {
  /** @type {string[]} */
  const notes = [];
  const turns = [];
  for await (const brought of intake(files, (sentence) => void notes.push(sentence)))
    turns.push('sentence' in brought ? `${brought.name}: ${brought.sentence}` : brought.name);
  return [turns, notes];
}

/** @type {[string, File[], string[], string[]][]} */
const cases = [
  ['a file', [file('a')], ['a'], []],
  ['a folder', [folder('d')], [`d: ${UNREAD}`], []],
  ['a folder and a module', [folder('d'), file('a')], ['a'], [`d: ${UNREAD}`]],
  ['a module and a folder', [file('a'), folder('d')], ['a'], [`d: ${UNREAD}`]],
  ['folders', [folder('d'), folder('e')], [`e: ${UNREAD}`], [`d: ${UNREAD}`, `e: ${UNREAD}`]],
  [
    'a file that is too large, and another',
    [file('large', 2 * MOST_BYTES), file('a')],
    ['a'],
    ['large: This file has 512 MB; the page takes up to 256 MB.'],
  ],
  [
    'twenty files',
    Array.from({ length: 20 }, (_, at) => file(`f${at}`)),
    Array.from({ length: 17 }, (_, at) => `f${at}`),
    ['Of these 20 files the page takes the first 17.'],
  ],
];
for (const [title, files, turns, notes] of cases)
  test(title, async () => assert.deepEqual(await bring(files), [turns, notes]));

const LINK = /^The page fetches nothing from elsewhere: save what the link leads to/;
const NO_PROGRAM = /^This is no program: drop a \.jsrbin or \.wasm file, or text that spells one/;
/** @type {[string, RegExp | null][]} */
const dropped = [
  ['53 4a 53 52 03 00', null],
  ['U0pTUgMA', null],
  ['data:application/wasm;base64,AGFzbQEAAAA=', null],
  ['00 01 02 03 04 05', NO_PROGRAM],
  ['hello, world', NO_PROGRAM],
  ['note: two words', NO_PROGRAM],
  ['', NO_PROGRAM],
  ['https://example.org/primes.jsrbin', LINK],
];
for (const [text, fault] of dropped)
  test(`dropped text: ${JSON.stringify(text)}`, async () => {
    const said = await faultOfDropped(text);
    if (fault) assert.match(said ?? '', fault);
    else assert.equal(said, null);
  });
