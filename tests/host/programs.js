// Small JSRS programs for host tests, assembled as version 1 files (spec jsrs.md 1 to 5): what the corpus has no place
// for, because they never end.

const u32 = (/** @type {number} */ n) => [n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, n >>> 24];
const list = (/** @type {number[][]} */ items) => [...u32(items.length), ...items.flat()];
const ids = (/** @type {number[]} */ values) => list(values.map(u32));

const I32 = [0, 2];
const UNIT = [4];
const PRINT_BYTES = 336053;

const iconst = (/** @type {number} */ id, /** @type {number} */ value) => [
  0,
  ...u32(id),
  ...I32,
  ...u32(value),
  ...u32(0),
];
const branch = (/** @type {number} */ block, /** @type {number[]} */ values = []) => [1, ...u32(block), ...ids(values)];
const block = (/** @type {number} */ id, /** @type {number[][]} */ body, /** @type {number[]} */ end) => [
  ...[...u32(id), ...u32(0)],
  ...list(body),
  ...end,
];

/** A file of one function `main` with these blocks. */
function file(/** @type {number[][]} */ blocks) {
  const name = [...'main'].map((letter) => letter.charCodeAt(0));
  const strings = list([u32(0), [...u32(name.length), ...name]]);
  const types = [...u32(0), ...u32(0)];
  const globals = u32(0);
  const functions = list([[...u32(1), ...u32(0), ...UNIT, ...u32(0), ...list(blocks)]]);
  const sections = [strings, types, globals, functions];
  let at = 28;
  const offsets = sections.flatMap((section) => u32((at += section.length) - section.length));
  return Uint8Array.from([...u32(0x52534a53), ...u32(1), ...u32(0), ...offsets, ...sections.flat()]);
}

/** Never ends and prints nothing. */
export function endlessLoop() {
  return file([block(0, [], branch(1)), block(1, [iconst(1, 7)], branch(1))]);
}

/** Prints so many lines, each by a call of its own, and then never ends. */
export function printsThenLoops(/** @type {number} */ lines) {
  const print = (/** @type {number} */ id) => [36, ...u32(id), ...UNIT, ...u32(PRINT_BYTES), ...ids([0, 1])];
  const prints = Array.from({ length: lines }, (_, i) => print(2 + i));
  const loop = block(1, [iconst(2 + lines, 7)], branch(1));
  return file([block(0, [iconst(0, 0x78), iconst(1, 0x0a), ...prints], branch(1)), loop]);
}

/** Prints the byte `x` and `width - 2` more and a line feed for ever. */
export function endlessPrinter(width = 64) {
  const letters = iconst(0, 0x78);
  const end = iconst(1, 0x0a);
  const values = [...Array(width - 1).fill(0), 1];
  const print = [36, ...u32(2), ...UNIT, ...u32(PRINT_BYTES), ...ids(values)];
  return file([block(0, [letters, end], branch(1)), block(1, [print], branch(1))]);
}
