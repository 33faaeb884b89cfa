// The ways to run a JSRS file that must agree, each as one function from a case to what can be compared.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder, project } from '../lib/files.mjs';
import { run as runLibrary } from '../../runner/index.js';
import { loadContract } from './contract-host.mjs';

/**
 * What every mode answers. `trace` is null where the mode does not trace.
 * @typedef {{ code: number, exitValue: string | null, stdout: Buffer, message: string, trace: string | null }} Outcome
 * @typedef {{ name: string, path: string, bytes: Buffer, entry: string }} Case
 * @typedef {(item: Case) => Promise<Outcome>} Mode
 */

export const NATIVE = join(project, 'backend/bin/jsrust-backend-c');
export const WASM = join(project, 'backend/bin/jsrust-backend.wasm');
const scratch = ownFolder('conformance');

/** The native command line. Its stderr line is held to section 18 on the way. */
function native(/** @type {Case} */ item, /** @type {string[]} */ extra = []) {
  const args = ['run', '--input', item.path, '--entry', item.entry, ...extra];
  const { status, signal, stdout, stderr } = spawnSync(NATIVE, args, { timeout: 20_000, maxBuffer: 1 << 28 });
  const lines = stderr.toString('utf8').trimEnd().split('\n');
  const ok = /^ok(?: exit=(-?\d+))?$/.exec(lines[0]);
  const error = /^error\[([a-z-]+)\]: (.+)$/.exec(lines[0]);
  if (status === null) throw new Error(`the command line died: ${signal}\n${stderr}`);
  if (status === 0 ? !ok : !error) throw new Error(`status ${status}, but stderr begins: ${lines[0]}`);
  return { code: status, exitValue: ok?.[1] ?? null, stdout, message: error?.[2] ?? 'ok', trace: null };
}

/** @type {Mode} */
async function nativeTraced(item) {
  const file = join(scratch, `${item.name}.trace`);
  rmSync(file, { force: true });
  const outcome = native(item, ['--trace', '--trace-out', file]);
  return { ...outcome, trace: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

/** One instance for all contract runs: what one leaves behind would show in the next. */
const contract = await loadContract(readFileSync(WASM));

function library(/** @type {object} */ options) {
  return async (/** @type {Case} */ item) => {
    const result = await runLibrary({ bytes: item.bytes, entry: item.entry, ...options });
    return {
      code: result.code,
      exitValue: result.exitValue,
      stdout: Buffer.from(result.stdout),
      message: result.message,
      // What never ran has no trace, which the contract shows as an empty one.
      trace: Buffer.from(result.trace.text ?? []).toString('utf8'),
    };
  };
}

/** @type {Record<string, Mode>} */
export const modes = {
  native: async (item) => native(item),
  'native traced': nativeTraced,
  contract: async (item) => ({ ...contract.run(item.bytes, item.entry), trace: null }),
  'contract traced': async (item) => contract.run(item.bytes, item.entry, { trace: true }),
  library: library({}),
  'library traced': library({ trace: true }),
};
