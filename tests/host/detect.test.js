// What files are, by their bytes: one row per kind, and what no sample may do to the search.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { detect } from '../../runner/detect.js';
import { project, projectFiles } from '../lib/files.mjs';
import { ownTime } from '../lib/timing.mjs';

const hex = (/** @type {string} */ text) => Uint8Array.from(text.split(' ').map((byte) => parseInt(byte, 16)));
const text = (/** @type {string} */ content) => new TextEncoder().encode(content);
const at = (/** @type {number} */ offset, /** @type {Uint8Array} */ bytes, /** @type {string} */ start = '') => {
  const all = new Uint8Array(offset + bytes.length + 64);
  if (start) all.set(hex(start));
  all.set(bytes, offset);
  return all;
};
const pe = at(0x80, hex('50 45 00 00'), '4d 5a');
pe[0x3c] = 0x80;

/** @type {[string, Uint8Array, string, boolean?][]} name, bytes, kind, whether it can run */
const cases = [
  ['no bytes', new Uint8Array(0), 'empty'],
  ['JSRS version 1', hex('53 4a 53 52 01 00 00 00'), 'jsrs', true],
  ['JSRS version 3', hex('53 4a 53 52 03 00 00 00'), 'jsrs', true],
  ['JSRS version 4', hex('53 4a 53 52 04 00 00 00'), 'jsrs'],
  ['JSRS magic alone', hex('53 4a 53 52'), 'jsrs'],
  ['three bytes of the JSRS magic are text', hex('53 4a 53'), 'text'],
  ['WebAssembly module', hex('00 61 73 6d 01 00 00 00'), 'wasm-module', true],
  ['WebAssembly component', hex('00 61 73 6d 0d 00 01 00'), 'wasm-component'],
  ['WebAssembly of no known version', hex('00 61 73 6d 02 00 00 00'), 'wasm-other'],
  ['ELF', hex('7f 45 4c 46 02 01 01 00'), 'elf'],
  ['PE', pe, 'pe'],
  ['DOS', at(64, hex('00'), '4d 5a'), 'dos'],
  ['Mach-O, 64 bits', hex('cf fa ed fe 07 00 00 01'), 'mach-o'],
  ['Mach-O, universal', hex('ca fe ba be 00 00 00 02'), 'mach-o'],
  ['Java class', hex('ca fe ba be 00 00 00 3d'), 'java-class'],
  ['LLVM bitcode', hex('42 43 c0 de 35 14'), 'llvm-bitcode'],
  ['zip', hex('50 4b 03 04 14 00'), 'zip'],
  ['gzip', hex('1f 8b 08 00'), 'gzip'],
  ['xz', hex('fd 37 7a 58 5a 00 00'), 'xz'],
  ['zstd', hex('28 b5 2f fd 00'), 'zstd'],
  ['bzip2', hex('42 5a 68 39'), 'bzip2'],
  ['tar', at(257, text('ustar\0')), 'tar'],
  ['rlib', text('!<arch>\n/'), 'ar'],
  ['PNG', hex('89 50 4e 47 0d 0a 1a 0a'), 'png'],
  ['JPEG', hex('ff d8 ff e0'), 'jpeg'],
  ['PDF', text('%PDF-1.7\n'), 'pdf'],
  ['Rust with main', text('fn main() {\n    println!("hi");\n}\n'), 'rust'],
  ['Rust without main', text('// a library\npub fn add(a: i32, b: i32) -> i32 { a + b }\n'), 'rust'],
  ['Rust that starts with an attribute', text('#![no_std]\nuse core::fmt;\n'), 'rust'],
  ['Rust with a byte order mark', text('\ufefffn main() {}'), 'rust'],
  [
    'Aver with a heading',
    text('// a game\nmodule Game\n    intent =\n        "Plays."\n\nfn main() -> Unit\n'),
    'aver',
  ],
  ['Aver that begins with a function', text('fn main() -> Unit\n    ! [Console.print]\n'), 'aver'],
  ['JavaScript', text('function main() { let x = 1; return x; }\n'), 'text'],
  ['C', text('#include <stdio.h>\nint main(void) { return 0; }\n'), 'text'],
  ['prose', text('Let us match the struct of this text.\n'), 'text'],
  ['WebAssembly text', text(';; a comment\n(module (func))'), 'wat'],
  ['JSON object', text(' {"a": [1, 2]}\n'), 'json'],
  ['JSON array', text('[1, 2]'), 'json'],
  ['HTML', text('<!DOCTYPE html><html></html>'), 'html'],
  ['script', text('#!/bin/sh\necho hi\n'), 'script'],
  ['Git LFS', text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'), 'git-lfs'],
  ['a module in base64', text('AGFzbQEAAAABBAFgAAA=\n'), 'base64'],
  ['a JSRS file in a data address', text('data:application/octet-stream;base64,U0pTUgMAAAA='), 'base64'],
  ['a module in hex digits', text('0061736d 01000000\n'), 'hex'],
  ['a JSRS file in hex digits', text('53 4A 53 52 03 00 00 00'), 'hex'],
  ['a number that begins as the magic', text('5341 apples, 0061 pears\n'), 'text'],
  ['UTF-16', hex('ff fe 66 00 6e 00'), 'utf-16'],
  ['white space', text(' \n\t\n'), 'text'],
  ['control characters', hex('41 42 00 43'), 'unknown'],
  ['malformed UTF-8', hex('41 c3 28 41'), 'unknown'],
  ['UTF-8 cut at the end of the file', hex('41 42 c3'), 'unknown'],
  ['unknown binary', hex('de ad be ef 00 01'), 'unknown'],
];

for (const [name, bytes, kind, canRun = false] of cases) {
  test(`${name} is ${kind}`, () => {
    const found = detect(bytes);
    assert.equal(found.kind, kind, found.why);
    assert.equal(found.canRun, canRun);
    assert.match(found.why, /^[A-Z].*\.$/s);
    if (!canRun) assert.match(found.advice, /^[A-Z].*\.$/);
  });
}

test('of WebAssembly text it is said what makes a module of it', () => {
  assert.match(detect(text('(module)')).advice, /`wat2wasm`/);
});

test('every JSRS fixture can run and every Rust source is Rust', () => {
  for (const file of projectFiles('fixtures/jsrs', /\.(jsrbin|rs)$/)) {
    const found = detect(readFileSync(join(project, file)));
    if (file.endsWith('.rs')) assert.equal(found.kind, 'rust', file);
    else assert.ok(found.canRun, file);
  }
});

test('every Aver source of ours is Aver', () => {
  const files = projectFiles('fixtures/aver-programs', /\.av$/);
  assert.ok(files.length > 0);
  for (const file of files) assert.equal(detect(readFileSync(join(project, file))).kind, 'aver', file);
});

test('a character cut by the end of the sample is still text', () => {
  assert.equal(detect(text(`a${'é'.repeat(40_000)}`)).kind, 'text');
});

test('the name of the file has no say, the offset of its bytes neither', () => {
  const bytes = new Uint8Array(20);
  bytes.set(hex('53 4a 53 52 02 00 00 00'), 3);
  assert.equal(detect(bytes.subarray(3)).name, 'a JSRS file, version 2');
});

test('no text makes the search slow', () => {
  const hostile = [
    'fn ',
    'fn a(',
    '\n',
    'let x: ',
    'impl<',
    'use a::',
    '&',
    'match ',
    '(;',
    ';;',
    '{"',
    '[',
    'pub ',
    ' ',
  ];
  for (const piece of hostile) {
    const bytes = text(piece.repeat(Math.ceil((1 << 20) / piece.length)));
    const milliseconds = ownTime(() => void detect(bytes));
    assert.ok(milliseconds < 500, `${JSON.stringify(piece)}: ${milliseconds} ms`);
  }
});
