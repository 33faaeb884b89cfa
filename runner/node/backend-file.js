/**
 * Finds the backend under Node: JSRUST_BACKEND_WASM, else backend/bin, built by make where it is missing.
 */
import { fileURLToPath } from 'node:url';
import { checked } from '../backend/load.js';
import { sentenceOf } from '../result.js';
import { fs } from './host.js';

const PROJECT = new URL('../../', import.meta.url);

/**
 * @param {string | URL | null} from null: the environment's, else the usual place
 * @returns {Promise<WebAssembly.Module>} rejects with a sentence
 */
export async function loadBackendFile(from) {
  const named = process.env.JSRUST_BACKEND_WASM;
  const given = from ?? (named || null);
  try {
    return checked(await loadWasmFile('jsrust-backend.wasm', given), String(given ?? 'jsrust-backend.wasm'));
  } catch (thrown) {
    if (from !== null || !named) throw thrown;
    throw new Error(`JSRUST_BACKEND_WASM: ${sentenceOf(thrown)}`);
  }
}

/**
 * Compiled at once: these modules are small, and waiting for another thread would take longer.
 * @param {string} name of one of the backend's artefacts, built by make where it is missing
 * @param {string | URL | null} from another file
 * @returns {Promise<WebAssembly.Module>} rejects with a sentence
 */
export async function loadWasmFile(name, from) {
  const file = from ?? fileURLToPath(new URL(`backend/bin/${name}`, PROJECT));
  return compile(from === null ? await readOrBuild(file) : await readGiven(file), file);
}

/** @param {string | URL} file */
async function readGiven(file) {
  try {
    return fs.readFileSync(file);
  } catch (thrown) {
    const { fileSentence } = await import('./file-sentence.js');
    throw new Error(`${file} cannot be read: ${fileSentence(thrown)}`);
  }
}

/** @param {string | URL} file */
async function readOrBuild(file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    await build();
    return fs.readFileSync(file);
  }
}

/** What is told, by make too, goes to stderr: stdout belongs to the program. */
async function build() {
  const { spawnSync } = await import('node:child_process');
  process.stderr.write('Building the backend, once (about a minute)\n');
  const made = spawnSync('make', ['-s', '-C', fileURLToPath(PROJECT), 'wasm'], { stdio: ['ignore', 2, 2] });
  if (made.error) throw new Error(`the backend's wasm is missing and make cannot be run: ${made.error.message}`);
  if (made.status !== 0) throw new Error("the backend's wasm is missing and `make wasm` failed");
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string | URL} file */
function compile(bytes, file) {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw new Error(`${file} is not a WebAssembly module: ${/** @type {Error} */ (error).message}`);
  }
}
