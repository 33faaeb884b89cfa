// Runs the official preview 1 tests of WebAssembly/wasi-testsuite (branch prod/testsuite-base), which are not in this
// project: WASI_TESTSUITE names a checkout. Each module runs with its folder as a tree in memory, and again with a copy
// of it as a folder of the host: its imports alone, and the whole library with its worker. With `--browser` it runs in
// Chromium, with input over shared memory, on the guest worker of web/dist.
// `node tests/wasi/official.mjs [--browser] [NAME...]`; ends with `N passed, N failed`.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { run } from '../../runner/index.js';
import { useHostFolders } from '../../runner/node/host-files.js';
import { GuestExit } from '../../runner/guest/ends.js';
import { fakeGuest, fakeIo } from '../host/fake-io.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @typedef {{ args?: string[], env?: Record<string, string>, root?: string, exit_code?: number, stdout?: string, stderr?: string }} Specification */
/** @typedef {ReturnType<typeof officialTests>[number]} Test */
/** @typedef {{ files: FileEntry[] } | { dirs: { host: string, guest: string }[] }} Given */
/** What came of a run; `thrown`: how it ended, when that is neither a return nor an exit. @typedef {{ status: number, stdout: string, stderr: string, thrown: string | null }} Came */

/** Every test module of the checkout. @param {string} checkout */
function officialTests(checkout) {
  return ['assemblyscript', 'c', 'rust'].flatMap((language) => {
    const folder = join(checkout, 'tests', language, 'testsuite/wasm32-wasip1');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.wasm'))
      .sort()
      .map((name) => {
        const file = join(folder, name);
        /** @type {Specification} */
        let specification = {};
        try {
          specification = JSON.parse(readFileSync(file.replace(/wasm$/, 'json'), 'utf8'));
        } catch {
          // A test without a specification has the defaults.
        }
        const root = specification.root === undefined ? null : join(folder, specification.root);
        return { name: `${language}/${basename(name, '.wasm')}`, file, root, specification };
      });
  });
}

/** A folder as entries. @param {string} folder @returns {FileEntry[]} */
function treeOf(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return [/** @type {FileEntry} */ ({ path, kind: 'directory' }), ...treeOf(folder, path)];
    return [{ path, kind: 'file', bytes: new Uint8Array(readFileSync(join(folder, path))) }];
  });
}

/** What is wrong, if anything. @param {Test} test @param {Came} came */
function faultOf({ specification }, { status, stdout, stderr, thrown }) {
  const { exit_code: wanted = 0, stdout: out, stderr: err } = specification;
  if (thrown !== null) return `${thrown}; stderr: ${stderr}`;
  if (status !== wanted) return `exit ${status}, not ${wanted}; stderr: ${stderr}`;
  if (out !== undefined && stdout !== out) return `stdout ${JSON.stringify(stdout)}`;
  if (err !== undefined && stderr !== err) return `stderr ${JSON.stringify(stderr)}`;
  return null;
}

/** The imports alone, on a made-up world. @param {Test} test @param {Given} given @returns {Came} */
function runImports({ file, specification }, given) {
  const { args = [], env = {} } = specification;
  const fake = fakeIo({ args, env, programName: basename(file), ...given }, { realClock: true });
  const guest = fakeGuest();
  const served = wasiPreview1.serve(fake.io, guest);
  let status = 0;
  /** @type {string | null} */
  let thrown = null;
  try {
    const module = new WebAssembly.Module(readFileSync(file));
    const imports = /** @type {WebAssembly.Imports} */ ({ wasi_snapshot_preview1: served.functions });
    const instance = new WebAssembly.Instance(module, imports);
    guest.memory.attach(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
    /** @type {Function} */ (instance.exports._start)();
  } catch (error) {
    if (error instanceof GuestExit) ({ status } = error);
    else thrown = String(error);
  } finally {
    served.finish?.();
  }
  return { status, stdout: fake.stdout(), stderr: fake.stderr(), thrown };
}

/** @param {Test} test */
function optionsOf({ file, specification: { args = [], env = {} } }) {
  return { args, env, programName: basename(file), limits: { seconds: 60 } };
}

/** @param {string} end @param {string} message */
const thrownOf = (end, message) => (['returned', 'exit'].includes(end) ? null : `${end}: ${message}`);

/** @param {Test} test @param {Given} given @returns {Promise<Came>} */
async function runLibrary(test, given) {
  const files = 'files' in given ? Object.fromEntries(given.files.map((entry) => [slashed(entry), entry])) : {};
  const contents = Object.entries(files).map(([path, entry]) => [path, entry.kind === 'file' ? entry.bytes : '']);
  const dirs = 'dirs' in given ? Object.fromEntries(given.dirs.map(({ guest, host }) => [guest, host])) : {};
  const result = /** @type {any} */ (
    await run({
      bytes: readFileSync(test.file),
      ...optionsOf(test),
      ...('files' in given ? { files: Object.fromEntries(contents) } : { dirs }),
    })
  );
  const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString();
  const thrown = thrownOf(result.end, result.message);
  return { status: result.exitCode, stdout: text(result.stdout), stderr: text(result.stderr), thrown };
}

/** @param {FileEntry} entry */
const slashed = ({ path, kind }) => (kind === 'directory' ? `${path}/` : path);

/** Runs with a copy of the test's folder. @template T @param {string} root @param {(given: Given) => Promise<T> | T} act */
async function onHost(root, act) {
  const copy = mkdtempSync(join(tmpdir(), 'wasi-official-'));
  try {
    cpSync(root, copy, { recursive: true });
    return await act({ dirs: [{ host: copy, guest: '/' }] });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** @param {Test} test @returns {{ files: FileEntry[] }} */
const inMemory = ({ root }) => ({ files: root === null ? [] : treeOf(root) });

/** @param {Test[]} tests @param {(name: string, fault: string | null) => void} count */
async function runInNode(tests, count) {
  useHostFolders();
  for (const test of tests) {
    const { name, root } = test;
    count(`${name} in memory`, faultOf(test, runImports(test, inMemory(test))));
    count(`${name} in memory, library`, faultOf(test, await runLibrary(test, inMemory(test))));
    if (root === null) continue;
    count(`${name} on the host`, faultOf(test, await onHost(root, (given) => runImports(test, given))));
    count(`${name} on the host, library`, faultOf(test, await onHost(root, (given) => runLibrary(test, given))));
  }
}

/** @param {Test[]} tests @param {(name: string, fault: string | null) => void} count */
async function runInBrowser(tests, count) {
  const { makeModulePages, openModulePage } = await import('../lib/module-page.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'wasi-official-'));
  await makeModulePages(folder);
  const page = await openModulePage(folder, 'shared');
  try {
    for (const test of tests) {
      const files = inMemory(test).files.map((entry) => {
        const content = entry.kind === 'file' ? { base64: Buffer.from(entry.bytes).toString('base64') } : '';
        return [slashed(entry), content];
      });
      const options = { ...optionsOf(test), files: Object.fromEntries(files) };
      const { end, message, exitCode, stdout, stderr } = await page.run(readFileSync(test.file), {
        options,
        globals: [],
        memory: [],
        files: [],
      });
      const text = (/** @type {string} */ content) => Buffer.from(content, 'latin1').toString();
      const came = { status: exitCode, stdout: text(stdout), stderr: text(stderr), thrown: thrownOf(end, message) };
      count(`${test.name} in Chromium`, faultOf(test, came));
    }
  } finally {
    await page.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const checkout = process.env.WASI_TESTSUITE;
  if (checkout === undefined) {
    console.error('WASI_TESTSUITE must name a checkout of WebAssembly/wasi-testsuite, branch prod/testsuite-base');
    return 2;
  }
  const inBrowser = process.argv.includes('--browser');
  const asked = process.argv.slice(2).filter((each) => each !== '--browser');
  const tests = officialTests(checkout).filter(({ name }) => asked.length === 0 || asked.some((a) => name.includes(a)));
  let passed = 0;
  let failed = 0;
  /** @param {string} name @param {string | null} fault */
  const count = (name, fault) => {
    if (fault === null) passed++;
    else failed++;
    if (fault !== null) console.log(`${name}: ${fault}`);
  };
  await (inBrowser ? runInBrowser : runInNode)(tests, count);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main();
