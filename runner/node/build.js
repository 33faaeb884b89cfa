/**
 * The command `build`: a JSRS program to a WebAssembly module or its text, in a file or on stdout.
 */
import { isModule, loadProgram } from '../program.js';
import { CODE, hostReport } from '../result.js';
import { instantiateTools } from '../module/tools.js';
import { writeAtomic } from './atomic-file.js';
import { loadBackendFile } from './backend-file.js';
import { errorText } from './diagnostics.js';
import { fileSentence } from './file-sentence.js';
import { namingEntries } from './entries.js';
import { moduleHost } from './module-host.js';

/** @import { Command } from './arguments.js' */
/** @import { Output } from './host.js' */
/** @import { Report } from '../result.js' */

/**
 * @param {Command} command
 * @param {Uint8Array} bytes of the file
 * @param {Output} out
 * @param {Output} err
 * @returns {Promise<number>} the exit status
 */
export async function build({ options }, bytes, out, err) {
  if (isModule(bytes))
    return fail(err, hostReport(CODE.ARGS, 'build has no meaning for a WebAssembly module: it is one'));
  const { backend, report } = await loadProgram(await loadBackendFile(null), bytes, options);
  if (!backend) return fail(err, report);
  const { entry, level, adapter, names, map, mvp, blockWrite, memory, out: path, wat } = options;
  if (!backend.canCompile) return fail(err, hostReport(CODE.INTERNAL, 'this backend cannot compile', ''));
  const made = backend.compile(entry, { level: level ?? 'O1', adapter, names, map, mvp, blockWrite, memory });
  if (!made.bytes) return fail(err, await namingEntries(backend.report(), bytes));
  const onlyText = wat && (isStdout(path) || path.endsWith('.wat'));
  const fault = onlyText ? null : await put(path, made.bytes, out);
  if (fault) return fail(err, fault);
  if (!wat) return CODE.OK;
  const textFault = await put(onlyText ? path : null, new TextEncoder().encode(await textOf(made.bytes)), out);
  return textFault ? fail(err, textFault) : CODE.OK;
}

/** @param {string | null} path @returns {path is null | '-'} */
function isStdout(path) {
  return path === null || path === '-';
}

/** The module in the text format. @param {Uint8Array} bytes */
async function textOf(bytes) {
  const tools = instantiateTools(await moduleHost.tools(undefined));
  const loaded = tools.load(bytes);
  if (!loaded.ok) throw new Error(`the compiled module cannot be read: ${loaded.fault.message}`);
  return tools.moduleText().text;
}

/** @param {string | null} path @param {Uint8Array} bytes @param {Output} out @returns {Promise<Report | null>} */
async function put(path, bytes, out) {
  if (isStdout(path)) {
    await out.write(bytes);
    return null;
  }
  try {
    writeAtomic(path, bytes);
    return null;
  } catch (thrown) {
    return hostReport(CODE.IO, `${path} cannot be written: ${fileSentence(thrown)}`);
  }
}

/** @param {Output} err @param {Report} report */
async function fail(err, report) {
  await err.write(errorText(report));
  return report.code;
}
