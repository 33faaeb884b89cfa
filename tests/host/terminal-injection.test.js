// Names and texts out of files must not steer the terminal that they are shown on: whatever a command says about a file
// whose every name holds controls (ESC, BEL, DEL, and U+009B, which is ESC [ in one character), none of them comes out.
// What the program itself prints is its own affair and is not among this.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assemble as assembleWat } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';
import { assemble, call, iconst, operation, ret, sconst } from '../lib/jsrs-writer.js';
import { cli } from './cli-process.js';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-injection-'));
after(() => rmSync(folder, { recursive: true }));
const NATIVE = join(project, 'backend/bin/jsrust-backend-c');
const CONTROLS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u;
const NASTY = 'x\u001b[2J\u0007\u007f\u0085\u009b31my\u2028';
const DIVIDE = 7;

const put = (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const divides = `${NASTY}divides`;
const PROGRAM = put(
  'program.jsrbin',
  assemble({
    literals: [NASTY],
    functions: [
      {
        ...{ name: divides, result: 'i32' },
        blocks: [{ id: 0, code: [iconst(1, 'i32', 0), operation(DIVIDE, 2, 'i32', [1, 1])], end: ret(2) }],
      },
      {
        ...{ name: NASTY, result: 'i32' },
        blocks: [{ id: 0, code: [sconst(1, 0), call(2, 'i32', divides, [])], end: ret(2) }],
      },
    ],
  }),
);

const escaped = [...Buffer.from(NASTY)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
const text = (/** @type {string} */ value) => [Buffer.from(value).length, ...Buffer.from(value)];
const custom = (/** @type {string} */ name, /** @type {number[]} */ content) => [
  ...[0, text(name).length + content.length, ...text(name)],
  ...content,
];
/** @param {string} source @param {number[]} sections behind its own */
const moduleOf = async (source, ...sections) => {
  const plain = await assembleWat('case.wat', source);
  return Uint8Array.from([...plain, ...sections]);
};
const names = custom('name', [0, text(NASTY).length, ...text(NASTY), 1, text(NASTY).length + 2, 1, 1, ...text(NASTY)]);
const producers = custom('producers', [1, ...text(NASTY), 1, ...text(NASTY), ...text(NASTY)]);
const features = custom('target_features', [1, 0x2b, ...text(NASTY)]);
const MODULE = put(
  'module.wasm',
  await moduleOf(
    `(module (import "aver" "console_print" (func (param i32 i32)))
      (memory (export "memory") 1) (global (export "g${escaped}") i32 (i32.const 0)) (data (i32.const 0) "${escaped}")
      (func (export "${escaped}") (result i32) unreachable)
      (func (export "main") (call 0 (i32.const 0) (i32.const ${Buffer.from(NASTY).length})) unreachable))`,
    ...names,
    ...producers,
    ...features,
    ...custom(NASTY, [1]),
  ),
);
const LACKING = put(
  'lacking.wasm',
  await moduleOf(`(module (import "${escaped}" "${escaped}" (func)) (func (export "main")))`),
);

/** @type {[string[], RegExp][]} what must be in it, so that an empty text is no success */
const host = [
  [['listing', PROGRAM], /divides/],
  [['ir', PROGRAM, '--entry', NASTY], /divides/],
  [['ir', PROGRAM, '--entry', NASTY, '-O2', '--print-after', 'all'], /x1b/],
  [['bytecode', PROGRAM, '--entry', NASTY], /./],
  [['check', PROGRAM], /2 functions/],
  [['run', PROGRAM], /not found.*\n.*can be the entry.*divides/],
  [['run', PROGRAM, '--entry', NASTY, '--trace'], /divide by zero.*divides[^]*called from/],
  [['run', PROGRAM, '--entry', NASTY, '--codegen-wasm'], /divide by zero.*divides/],
  [['build', PROGRAM, '--entry', NASTY, '--names', '--wat'], /u\{9b\}/],
  [['check', MODULE], /valid/],
  [['inspect', MODULE], /custom sections/],
  [['inspect', MODULE, '--json'], /u009b/],
  [['disassemble', MODULE], /u\{9b\}/],
  [['run', MODULE, '--call', `${NASTY}()`], /unreachable/],
  [['run', MODULE, '--call', `${NASTY}z()`], /no exported function/],
  [['check', LACKING], /missing: /],
  [['run', LACKING], /u\{9b\}/],
];
for (const [words, wanted] of host) {
  test(`node: ${words.join(' ').replaceAll(NASTY, 'NASTY').replaceAll(`${folder}/`, '')}`, () => {
    const { stdout, stderr } = cli(words);
    assert.match(stdout + stderr, wanted);
    assert.doesNotMatch(stdout + stderr, CONTROLS);
  });
}

test('node: run module.wasm --trace writes calls, with the texts that they were given', () => {
  const { stderr } = cli(['run', MODULE, '--trace']);
  assert.match(stderr, /console_print.*u009b/);
  assert.doesNotMatch(stderr, CONTROLS);
});

/** @type {[string[], RegExp][]} */
const native = [
  [['listing', PROGRAM], /divides/],
  [['describe', PROGRAM], /u009b/],
  [['ir', PROGRAM, '--entry', NASTY], /divides/],
  [['bytecode', PROGRAM, '--entry', NASTY], /./],
  [['run', '--input', PROGRAM], /not found/],
  [['run', '--input', PROGRAM, '--entry', NASTY, '--trace'], /divide by zero.*divides/],
  [['build', PROGRAM, '--entry', NASTY, '--names', '--wat'], /u\{9b\}/],
  [['inspect', MODULE], /u009b/],
  [['disassemble', MODULE], /u\{9b\}/],
];
for (const [words, wanted] of native) {
  test(`native: ${words.join(' ').replaceAll(NASTY, 'NASTY').replaceAll(`${folder}/`, '')}`, () => {
    const { stdout, stderr } = spawnSync(NATIVE, words, { encoding: 'utf8', timeout: 20_000 });
    assert.match(stdout + stderr, wanted);
    assert.doesNotMatch(stdout + stderr, CONTROLS);
  });
}
