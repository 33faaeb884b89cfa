/**
 * From bytes to a program that can be run, or to the reason why not; and what can be shown of it.
 * Relies on the backend for all that is inside a JSRS file, on detect.js for what other files are.
 */
import { TEXT } from './backend/abi.js';
import { instantiate } from './backend/load.js';
import { importAgain } from './import-again.js';
import { INPUT_BYTES, TEXT_BYTES } from './limits.js';
import { CODE, hostReport, notFetched, sentenceOf } from './result.js';

/** @import { Backend } from './backend/backend.js' */
/** @import { ModuleInfo } from './protocol.js' */
/** @import { Report } from './result.js' */

const JSRS_MAGIC = [0x53, 0x4a, 0x53, 0x52];
const WASM_MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Whether bytes go to the part that runs WebAssembly, whatever is wrong with them behind the magic. @param {Uint8Array} bytes */
export function isModule(bytes) {
  return WASM_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Whether they begin as a JSRS file does. @param {Uint8Array} bytes */
export function isJsrs(bytes) {
  return JSRS_MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * `invalid`: a backend with a file that breaks a rule: it can be listed, not run. `other`: what a file is that is no JSRS file.
 * @typedef {{ backend: Backend, report: Report } |
 *   { backend: null, report: Report, invalid?: Backend | null, other?: { kind: string, why: string } }} Program
 */

/**
 * Decodes and validates a JSRS file, names any other. What a file does never makes it reject.
 * @param {WebAssembly.Module} module the backend
 * @param {Uint8Array} bytes
 * @param {{ validate: boolean }} options
 * @returns {Promise<Program>} with a backend that holds the file if the code is 0
 */
export async function loadProgram(module, bytes, { validate }) {
  const refused = await refuse(bytes);
  if (refused) return refused;
  try {
    const backend = instantiate(module);
    const code = backend.load(bytes, { validate });
    const report = backend.report();
    if (code === CODE.OK) return { backend, report };
    return { backend: null, report, invalid: code === CODE.VALIDATE ? backend : null };
  } catch (thrown) {
    return { backend: null, report: backendFault(thrown) };
  }
}

const bringDetection = importAgain(() => import('./detect.js'));

/**
 * What has the magic goes to the backend, also where the version is unknown or the header cut: what it says of these is
 * part of the contract. For all else detection is brought in: the first run of a page or a command line needs none.
 * @param {Uint8Array} bytes
 * @returns {Promise<Program | null>} null: it is for the backend
 */
async function refuse(bytes) {
  if (bytes.length > INPUT_BYTES) {
    const message = `the file has ${bytes.length} bytes; at most ${INPUT_BYTES} can be read`;
    return { backend: null, report: hostReport(CODE.IO, message, 'Choose a smaller file.') };
  }
  if (isJsrs(bytes)) return null;
  try {
    const { detect } = await bringDetection();
    const { kind, name, why, advice } = detect(bytes);
    const fault = kind === 'empty' ? 'truncated binary input' : 'invalid binary magic';
    return {
      backend: null,
      report: hostReport(CODE.DESERIALIZE, `${fault}: this is ${name}`, advice),
      other: { kind, why },
    };
  } catch (thrown) {
    return { backend: null, report: notFetched(thrown) };
  }
}

/**
 * For what the backend throws: a trap of its own, or memory that ran out. The instance must not be used again.
 * @param {unknown} thrown
 */
export function backendFault(thrown) {
  return hostReport(CODE.INTERNAL, `the backend failed: ${sentenceOf(thrown)}`);
}

/**
 * What the page shows of a file before any run. The listing is empty where it would be too large.
 * @param {Backend} backend with a file that was decoded, valid or not
 * @returns {{ module: ModuleInfo, listing: Uint8Array<ArrayBuffer>, lines: Uint32Array<ArrayBuffer> }}
 */
export function describeProgram(backend) {
  const { bytes } = backend.utf8(TEXT.LISTING, TEXT_BYTES);
  const lines = bytes === null ? new Uint32Array(0) : backend.lines();
  return { module: backend.module(), listing: bytes ?? new Uint8Array(0), lines };
}
