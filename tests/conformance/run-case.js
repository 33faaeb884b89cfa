// Runs one case of a module as users of the library do, in Node and in a page alike, and gives what can be compared, as
// plain data. No Node, no DOM.
import { prepareModule } from '../../runner/run-module.js';
import { startGuest } from '../../runner/guest/start-guest.js';

/**
 * @typedef {import('../../runner/module-options.js').ModuleOptions & { limits?: object, entry?: string }} CaseOptions
 * `{ base64 }` stands for bytes, since a case travels as JSON.
 * @typedef {{ options: CaseOptions, globals: string[], memory: { at: number, length: number }[], files: string[] }} Wanted
 * `files`: which ones are compared, as there may be a million.
 * @typedef {object} Seen
 * @property {boolean} known whether the engine takes the module
 * @property {string} end how it ended; `refused` when it never ran
 * @property {number} code
 * @property {number} exitCode
 * @property {string | null} exitValue
 * @property {string} message
 * @property {string} stdout as Latin-1
 * @property {string} stderr
 * @property {string[][]} results
 * @property {unknown} screen
 * @property {Record<string, string>} files those that are wanted, contents as Latin-1
 * @property {{ name: string, value: string }[]} globals
 * @property {string[]} memory
 */

/** Bytes as a string of char codes. */
export function latin1(/** @type {Uint8Array} */ bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** @param {any} content */
function fromBase64(content) {
  if (typeof content !== 'object' || !('base64' in content)) return content;
  return Uint8Array.from(atob(content.base64), (each) => each.charCodeAt(0));
}

/** @param {any} options @returns {CaseOptions} */
function decoded({ stdin, files, modules, ...options }) {
  const contents = (/** @type {any} */ all) =>
    Object.fromEntries(Object.entries(all ?? {}).map(([name, content]) => [name, fromBase64(content)]));
  return {
    ...options,
    files: contents(files),
    modules: contents(modules),
    ...(stdin === undefined ? {} : { stdin: fromBase64(stdin) }),
  };
}

/**
 * @param {Uint8Array} bytes
 * @param {Wanted} wanted
 * @param {{ tools: WebAssembly.Module, spawn: () => import('../../runner/guest/start-guest.js').GuestWorkerLike }} host
 * @returns {Promise<Seen>}
 */
export async function runCase(bytes, { options, globals, memory, files: compared }, { tools, spawn }) {
  const known = WebAssembly.validate(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  const prepared = await prepareModule({ bytes, ...decoded(options) }, tools);
  const nothing = { stdout: '', stderr: '', results: [], screen: null, files: {}, globals: [], memory: [] };
  if (prepared.report) {
    const { code, message } = prepared.report;
    return { ...nothing, known, end: 'refused', code, exitCode: code, exitValue: null, message };
  }
  /** @type {string[]} */
  const stdout = [];
  /** @type {string[]} */
  const stderr = [];
  const { module, linked, shift, info, plan, request } = prepared;
  const guest = startGuest({
    spawn,
    module,
    linked,
    shift,
    plan,
    request,
    events: {
      onStdout: (chunk) => void stdout.push(latin1(chunk)),
      onStderr: (chunk) => void stderr.push(latin1(chunk)),
    },
  });
  const result = await guest.done;
  const types = info.exports.filter(({ name, kind }) => kind === 'global' && globals.includes(name));
  const asked = Object.fromEntries(types.map(({ name, type }) => [name, type.replace('mut ', '')]));
  const values = globals.length > 0 ? await guest.globals(asked) : [];
  const peeks = await Promise.all(memory.map(({ at, length }) => guest.peek(at, length)));
  guest.close();
  const { end, code, exitCode, exitValue, message, results, screen } = result;
  const files = (result.files ?? [])
    .filter(({ path }) => compared.includes(path))
    .map((file) => [file.path, file.kind === 'file' ? latin1(file.bytes) : file.kind]);
  return {
    ...{ known, end, code, exitCode, exitValue, message, results, screen },
    stdout: stdout.join(''),
    stderr: stderr.join(''),
    files: Object.fromEntries(files),
    globals: values ?? [],
    memory: peeks.map((peek) => (peek ? latin1(peek.bytes) : '')),
  };
}
