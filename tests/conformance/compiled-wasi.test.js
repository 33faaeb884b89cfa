// Every file of the corpus compiled for each adapter, at each level, in hosts that are not ours: the call contract's two
// functions, Node's WASI, and wasmtime. Same bytes; the exit status and the line on stderr are those of the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import v8 from 'node:v8';
import { WASI } from 'node:wasi';
import { TRAP_SENTENCES } from '../../runner/compiled/trap-kinds.js';
import { MAP_SECTION, chainsOf } from '../../runner/compiled/trap-map.js';
import { loadBackendFile } from '../../runner/node/backend-file.js';
import { loadProgram } from '../../runner/program.js';
import { runGenerated } from '../fuzz/run-generated.mjs';
import { ownFolder, project } from '../lib/files.mjs';
import { LEVELS, checkCompiled, interpretedCases } from './compiled-cases.mjs';

/** @import { Ended } from './compiled-cases.mjs' */
/** @import { GoodCase } from './cases.mjs' */

// Node 20 ends a program by throwing out of proc_exit, which V8 does not stand in calls of this kind: now and then it crashes.
v8.setFlagsFromString('--no-turbo-fast-api-calls');

// Made by .ci/setup, and whole once that has noted what it installed.
const WASMTIME = join(project, 'tests/out/wasmtime');
const PYTHON = join(WASMTIME, 'bin/python3');
const NO_WASMTIME = existsSync(join(WASMTIME, '.installed')) ? false : 'no wasmtime';
const scratch = ownFolder('compiled-wasi');

/** @type {Awaited<ReturnType<typeof interpretedCases>>} */
let cases;
/** @type {WebAssembly.Module} */
let backendModule;
before(async () => {
  cases = await interpretedCases();
  backendModule = await loadBackendFile(null);
});

/** Nothing where the program cannot start. @param {GoodCase} item @param {object} options */
async function compile(item, options) {
  const { backend } = await loadProgram(backendModule, item.bytes, { validate: true });
  const made = backend?.compile(item.entry, { map: true, ...options });
  if (made?.bytes) return made.bytes;
  assert.notEqual(item.code, 0, backend?.report().message);
  return null;
}

/** The line of stderr without what another limit makes it say. @param {string} text */
const withoutLimit = (text) => text.replace(/(recursion limit exceeded\))[^\n]*/, '$1');

/** @param {{ status: number, stdout: Buffer, stderr: string }} seen @param {Ended} wanted */
function checkStandalone({ status, stdout, stderr }, wanted) {
  assert.equal(status, wanted.code, stderr);
  assert.deepEqual(stdout, wanted.stdout);
  const line = wanted.code === 0 ? '' : `error[execute-error]: ${wanted.message}\n`;
  assert.equal(withoutLimit(stderr), withoutLimit(line));
}

for (const level of LEVELS) {
  test(`contract host at ${level}: the corpus`, async (t) => {
    for (const { item, wanted } of cases) {
      const bytes = await compile(item, { level });
      if (bytes) await t.test(item.name, () => checkContract(bytes, wanted));
    }
  });

  test(`node:wasi at ${level}: the corpus`, async (t) => {
    for (const { item, wanted } of cases) {
      const bytes = await compile(item, { level, adapter: 'wasi' });
      if (bytes) await t.test(item.name, () => checkStandalone(inNode(bytes), wanted));
    }
  });

  test(`wasmtime at ${level}: the corpus`, { skip: NO_WASMTIME }, async (t) => {
    const jobs = [];
    for (const { item, wanted } of cases) {
      const bytes = await compile(item, { level, adapter: 'wasi' });
      const name = (/** @type {string} */ ending) => join(scratch, `${item.name}.${ending}`);
      if (!bytes) continue;
      writeFileSync(name('wasm'), bytes);
      jobs.push({ item, wanted, wasm: name('wasm'), stdout: name('stdout'), stderr: name('stderr') });
    }
    const lines = jobs.map(({ wasm, stdout, stderr }) => `${JSON.stringify({ wasm, stdout, stderr })}\n`);
    const script = join(project, 'tests/conformance/run-wasmtime.py');
    const ran = spawnSync(PYTHON, [script], { input: lines.join(''), timeout: 120_000, maxBuffer: 1 << 26 });
    assert.equal(ran.status, 0, String(ran.stderr));
    const ends = String(ran.stdout).trimEnd().split('\n');
    for (const [at, { item, wanted, stdout, stderr }] of jobs.entries()) {
      await t.test(item.name, () => {
        const { status, fault } = JSON.parse(ends[at]);
        assert.equal(fault, undefined);
        checkStandalone({ status, stdout: readFileSync(stdout), stderr: String(readFileSync(stderr)) }, wanted);
      });
    }
  });
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {Ended} wanted */
function checkContract(bytes, wanted) {
  const module = new WebAssembly.Module(bytes);
  const ran = runGenerated(module, 'bytes');
  const [section] = WebAssembly.Module.customSections(module, MAP_SECTION);
  const [place] = chainsOf(new Uint8Array(section), [ran.place]);
  // The engine's own stack is the limit, and it leaves no number.
  const sentence = TRAP_SENTENCES[/call stack/.test(ran.thrown) ? 9 : ran.kind];
  const where = place?.terminator ? 'terminator' : `instruction ${place?.instruction}`;
  const message = ran.status === 0 ? 'ok' : `${sentence} in \`${place?.shown}\`, block ${place?.block}, ${where}`;
  const exitValue = ran.value === undefined ? null : String(ran.value);
  checkCompiled({ code: ran.status, exitValue, stdout: ran.stdout, message, position: wanted.position }, wanted);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function inNode(bytes) {
  const files = ['stdout', 'stderr'].map((name) => join(scratch, `node.${name}`));
  const [stdout, stderr] = files.map((file) => openSync(file, 'w'));
  const options = { version: 'preview1', stdout, stderr, returnOnExit: true };
  const wasi = new WASI(/** @type {any} */ (options)); // Node 18 knows no version
  const imports = /** @type {any} */ ({ wasi_snapshot_preview1: wasi.wasiImport });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const status = /** @type {number} */ (wasi.start(instance));
  closeSync(stdout);
  closeSync(stderr);
  return { status, stdout: readFileSync(files[0]), stderr: String(readFileSync(files[1])) };
}
