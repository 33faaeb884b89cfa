// Runs the official preview 1 tests of WebAssembly/wasi-testsuite (branch prod/testsuite-base), which are not in this
// project: WASI_TESTSUITE names a checkout. Each module runs with its folder as a tree in memory, and again with a copy
// of it as a folder of the host. `node tests/wasi/official.mjs [NAME...]`; ends with `N passed, N failed`.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { useHostFolders } from '../../runner/node/host-files.js';
import { GuestExit } from '../../runner/guest/ends.js';
import { fakeGuest, fakeIo } from '../host/fake-io.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @typedef {{ args?: string[], env?: Record<string, string>, root?: string, exit_code?: number, stdout?: string, stderr?: string }} Specification */

/** Every test module of the checkout. @param {string} checkout */
export function officialTests(checkout) {
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
export function treeOf(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return [/** @type {FileEntry} */ ({ path, kind: 'directory' }), ...treeOf(folder, path)];
    return [{ path, kind: 'file', bytes: new Uint8Array(readFileSync(join(folder, path))) }];
  });
}

/**
 * @param {ReturnType<typeof officialTests>[number]} test
 * @param {{ files: FileEntry[] } | { dirs: { host: string, guest: string }[] }} given
 * @returns {string | null} what is wrong
 */
function runTest({ file, specification }, given) {
  const { args = [], env = {}, exit_code = 0, stdout, stderr } = specification;
  const fake = fakeIo({ args, env, programName: basename(file), ...given }, { realClock: true });
  const guest = fakeGuest();
  const served = wasiPreview1.serve(fake.io, guest);
  let status = 0;
  try {
    const module = new WebAssembly.Module(readFileSync(file));
    const imports = /** @type {WebAssembly.Imports} */ ({ wasi_snapshot_preview1: served.functions });
    const instance = new WebAssembly.Instance(module, imports);
    guest.memory.attach(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
    /** @type {Function} */ (instance.exports._start)();
  } catch (error) {
    if (!(error instanceof GuestExit)) return `${error}; stderr: ${fake.stderr()}`;
    status = error.status;
  } finally {
    served.finish?.();
  }
  if (status !== exit_code) return `exit ${status}, not ${exit_code}; stderr: ${fake.stderr()}`;
  if (stdout !== undefined && fake.stdout() !== stdout) return `stdout ${JSON.stringify(fake.stdout())}`;
  if (stderr !== undefined && fake.stderr() !== stderr) return `stderr ${JSON.stringify(fake.stderr())}`;
  return null;
}

/** @param {ReturnType<typeof officialTests>[number]} test */
function runOnHost(test) {
  const copy = mkdtempSync(join(tmpdir(), 'wasi-official-'));
  try {
    if (test.root !== null) cpSync(test.root, copy, { recursive: true });
    return runTest(test, { dirs: [{ host: copy, guest: '/' }] });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function main() {
  const checkout = process.env.WASI_TESTSUITE;
  if (checkout === undefined) {
    console.error('WASI_TESTSUITE must name a checkout of WebAssembly/wasi-testsuite, branch prod/testsuite-base');
    return 2;
  }
  useHostFolders();
  const asked = process.argv.slice(2);
  const tests = officialTests(checkout).filter(({ name }) => asked.length === 0 || asked.some((a) => name.includes(a)));
  let passed = 0;
  let failed = 0;
  /** @param {string} name @param {string | null} fault */
  const count = (name, fault) => {
    if (fault === null) passed++;
    else failed++;
    if (fault !== null) console.log(`${name}: ${fault}`);
  };
  for (const test of tests) {
    count(`${test.name} in memory`, runTest(test, { files: test.root === null ? [] : treeOf(test.root) }));
    if (test.root !== null) count(`${test.name} on the host`, runOnHost(test));
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main();
