// The page's view of a text of IR: lines, functions, and which of them a run can begin with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstruction } from '../../web/ir/instruction.js';
import { readListing } from '../../web/ir/listing.js';

const NO_SITES = new Uint32Array(0);
const read = (/** @type {string} */ text) => readListing(new TextEncoder().encode(text), NO_SITES);

test('lines are those of the text, whatever is in them', async () => {
  for (const text of ['', 'one', 'one\n', '\n', 'a\n\nb\n', 'v1 = str "zażółć 漢字 🦀"\nret\n', '\ufeffa\n\ufeffb']) {
    const listing = await read(text);
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    assert.deepEqual(
      Array.from({ length: listing.lineCount }, (_, index) => listing.line(index)),
      lines,
      JSON.stringify(text),
    );
  }
});

test('functions are found by their headers, and those without parameters can begin a run', async () => {
  const listing = await read('module\nfn größe(i32) -> i32 {\n  ret\n}\n\nfn main() {\n}\nfn 3 "lowered"() {\n}\n');
  assert.deepEqual(listing.sections, [
    { name: 'größe', line: 1, end: 5 },
    { name: 'main', line: 5, end: 7 },
    { name: 'lowered', line: 7, end: 9 },
  ]);
  assert.deepEqual(
    ['größe', 'main', 'none'].map((name) => listing.canBegin(name)),
    [false, true, false],
  );
  assert.deepEqual(
    [0, 1, 4, 5, 8].map((line) => listing.sectionAt(line)),
    [-1, 0, 0, 1, 2],
  );
});

test('the table of sites before the functions is a section, other rows there are none', async () => {
  const table = 'source 0 = "main"\nsite 1 = 0:0:head number 1\nsite 2 = 0:0:0 number 2\n\n';
  const listing = await read(`entry 1 -> void\n${table}fn 1 "main" -> void {\nsite 1 = none\n}\n`);
  assert.deepEqual(listing.sections, [
    { name: '', line: 2, end: 5, isTable: true },
    { name: 'main', line: 5, end: 8 },
  ]);
});

test('names are the file’s own where they are known, and lines of steps are one line that turns nothing around', async () => {
  const text = 'fn a(b)\ufffdc() {\n  call unit a(b)\u202ec()\n}\nfn main() {\n}\n';
  const listing = await readListing(new TextEncoder().encode(text), Uint32Array.of(0, 1), ['a(b)\nc']);
  assert.deepEqual([...listing.sectionOf.keys()], ['a(b)\nc', 'main']);
  assert.equal(listing.textOfSite(1), 'call unit a(b)\\u{202e}c()');
  assert.equal(parseInstruction(listing.textOfSite(1)).callee, 'a(b)\\u{202e}c');
});

test('a source number leads to its line, one without a line to nothing', async () => {
  const listing = await readListing(new TextEncoder().encode('fn main() {\n  ret\n}\n'), Uint32Array.of(0, 1));
  assert.equal(listing.textOfSite(1), 'ret');
  assert.equal(listing.lineOfSite(2), -1);
  assert.equal(listing.textOfSite(2), '');
});
