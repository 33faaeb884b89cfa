/**
 * From the bytes of a WebAssembly module to what is known of it, and to a compiled module that may be run.
 */
import { ABIS } from '../abi/index.js';
import { INPUT_BYTES, MODULE_MEMORY_BYTES } from '../limits.js';
import { CODE, hostReport, sentenceOf } from '../result.js';
import { importText, missingOf, planModule } from './plan.js';

/** @import { Compiled } from '../protocol.js' */
/** @import { Report } from '../result.js' */
/** @import { WasmFault, WasmInfo } from './info.js' */
/** @import { Plan } from './plan.js' */
/** @import { ModuleTools } from './tools.js' */

const PAGE = 65536;
/** Missing imports named in a sentence; the inspector shows all. */
const NAMED = 20;
const COMPONENT_HELP = 'Components cannot be run here: build a core module, for wasm32-wasip1 say.';

/** @typedef {{ info: WasmInfo, plan: Plan, report: null } | { info: null, plan: null, report: Report }} OpenedModule */

/**
 * Decodes a module and plans its run. The tools keep it loaded.
 * @param {ModuleTools} tools
 * @param {Uint8Array} bytes
 * @returns {OpenedModule}
 */
export function openModule(tools, bytes) {
  if (bytes.length > INPUT_BYTES) {
    const message = `the file has ${bytes.length} bytes; at most ${INPUT_BYTES} can be read`;
    return refused(hostReport(CODE.IO, message, 'Choose a smaller file.'));
  }
  const loaded = tools.load(bytes);
  if (!loaded.ok) return refused(faultReport(loaded.fault));
  const info = tools.describe();
  return { info, plan: planModule(info, ABIS), report: null };
}

/**
 * Compiles the module that the tools hold, its memories capped.
 * @param {ModuleTools} tools
 * @param {number} memory bytes; 0 = the default
 * @param {number} size of the file
 * @returns {Promise<Compiled>}
 */
export async function compileModule(tools, memory, size) {
  const most = memory || MODULE_MEMORY_BYTES;
  const capped = tools.limitMemory(Math.floor(most / PAGE));
  if ('fault' in capped) {
    const report = hostReport(CODE.EXECUTE, `memory limit reached: ${capped.fault.message}`, 'Raise the memory limit.');
    return { module: null, shift: 0, report };
  }
  try {
    return { module: await WebAssembly.compile(capped.bytes), shift: capped.bytes.length - size, report: null };
  } catch (thrown) {
    return { module: null, shift: 0, report: engineReport(thrown) };
  }
}

/**
 * What keeps a module from being run, if stubs do not stand in; null = nothing does.
 * @param {Plan} plan
 * @returns {Report | null}
 */
export function missingReport(plan) {
  const missing = missingOf(plan);
  if (missing.length === 0) return null;
  const named = missing.slice(0, NAMED).map((each) => `${importText(each)}: ${each.reason.replace(/\.$/, '')}`);
  const more = missing.length > NAMED ? [`and ${missing.length - NAMED} more`] : [];
  const count = missing.length === 1 ? 'an import is missing' : `${missing.length} imports are missing`;
  const help = 'Build it for one of the worlds served here (WASI preview 1, Aver, JSRust), or let stubs stand in.';
  return hostReport(CODE.VALIDATE, `${count}: ${[...named, ...more].join('; ')}`, help);
}

/** @param {WasmFault} fault @returns {Report} */
export function faultReport({ section, offset, message, component, function: index }) {
  const place = offset === null ? '' : ` at offset ${offset}`;
  if (component) return hostReport(CODE.DESERIALIZE, `this is a WebAssembly component: ${message}`, COMPONENT_HELP);
  const report = hostReport(
    CODE.DESERIALIZE,
    `the module is malformed: ${message} (section ${section}${place})`,
    'It was damaged or cut short: build it or fetch it again.',
  );
  const position = { block: null, instruction: null, site: null, text: null };
  report.position = { ...position, function: null, functionIndex: index, offset };
  return report;
}

/** The engine's own check of types; its text names the function and the offset. @param {unknown} thrown */
function engineReport(thrown) {
  const text = sentenceOf(thrown).replace(/^WebAssembly\.\w+\([^)]*\): */, '');
  const offset = /@\+(\d+)/.exec(text);
  const report = hostReport(
    CODE.VALIDATE,
    `the module is not valid: ${text}`,
    'Report it to whoever made the compiler.',
  );
  if (offset) {
    const position = { function: null, functionIndex: null, block: null, instruction: null, site: null, text: null };
    report.position = { ...position, offset: Number(offset[1]) };
  }
  return report;
}

/** @param {Report} report @returns {OpenedModule} */
function refused(report) {
  return { info: null, plan: null, report };
}
