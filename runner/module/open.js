/**
 * From the bytes of a WebAssembly module to what is known of it, and to a compiled module that may be run.
 */
import { ABIS } from '../abi/index.js';
import { INPUT_BYTES } from '../limits.js';
import { CODE, hostReport, sentenceOf } from '../result.js';
import { LINKED_MODULES, fileOf, linkModules } from './link.js';
import { planModule } from './plan.js';

/** @import { Compiled } from '../protocol.js' */
/** @import { Report } from '../result.js' */
/** @import { WasmFault, WasmInfo } from './info.js' */
/** @import { Plan } from './plan.js' */
/** @import { ModuleTools } from './tools.js' */

const PAGE = 65536;
const COMPONENT_HELP = 'Components cannot be run here: build a core module, for wasm32-wasip1 say.';

/** @typedef {{ info: WasmInfo, plan: Plan, report: null } | { info: null, plan: null, report: Report }} OpenedModule */
/** Modules that may be linked to a program, by the names that its imports have for them. @typedef {ReadonlyMap<string, Uint8Array>} Library */

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
 * The same with other modules linked to it.
 * @param {ModuleTools} tools
 * @param {Uint8Array} bytes
 * @param {Library} library
 * @returns {OpenedModule}
 */
export function openLinked(tools, bytes, library) {
  if (library.size > LINKED_MODULES) {
    const message = `${library.size} modules are to be linked; at most ${LINKED_MODULES} can be`;
    return refused(hostReport(CODE.ARGS, message));
  }
  const given = [];
  for (const [name, others] of library) {
    const file = fileOf(name);
    const { info, plan, report } = openModule(tools, others);
    if (report) return refused({ ...report, position: null, message: `${file}: ${report.message}` });
    given.push({ name, file, info, plan });
  }
  const opened = openModule(tools, bytes);
  return opened.report ? opened : { ...opened, plan: linkModules(opened.plan, opened.info, given) };
}

/**
 * Compiles what a plan links to its program. The tools hold something else afterwards.
 * @param {ModuleTools} tools
 * @param {Plan} plan
 * @param {Library} library
 * @param {readonly number[]} shares bytes of memory that each may have
 * @returns {Promise<{ linked: WebAssembly.Module[], report: Report | null }>}
 */
export async function compileLinked(tools, plan, library, shares) {
  const linked = [];
  for (const [index, { name, file }] of plan.linked.entries()) {
    const bytes = library.get(name) ?? new Uint8Array(0);
    tools.load(bytes);
    const { module, report } = await compileModule(tools, shares[index], bytes);
    if (!module) return { linked, report: { ...report, position: null, message: `${file}: ${report.message}` } };
    linked.push(module);
  }
  return { linked, report: null };
}

/**
 * Compiles the module that the tools hold, its memories capped.
 * @param {ModuleTools} tools
 * @param {number} most bytes that its memories may have
 * @param {Uint8Array} bytes its file
 * @returns {Promise<Compiled>}
 */
export async function compileModule(tools, most, bytes) {
  const made = tools.rewrite(Math.floor(most / PAGE));
  if ('fault' in made) {
    const report = hostReport(CODE.EXECUTE, `memory limit reached: ${made.fault.message}`);
    return { module: null, shift: 0, report };
  }
  try {
    return { module: await WebAssembly.compile(made.bytes), shift: made.bytes.length - bytes.length, report: null };
  } catch (thrown) {
    return { module: null, shift: 0, report: await compileReport(tools, await faultOfFile(bytes, thrown)) };
  }
}

/**
 * What the engine says of a file as it is, whose module the tools hold; null = it takes it.
 * @param {ModuleTools} tools
 * @param {Uint8Array} bytes
 * @returns {Promise<Report | null>}
 */
export async function checkModule(tools, bytes) {
  const fault = await faultOfFile(bytes, null);
  return fault && compileReport(tools, fault);
}

/** @param {ModuleTools} tools @param {unknown} fault */
async function compileReport(tools, fault) {
  const { unknownToEngine } = await import('./engine-features.js');
  const unknown = unknownToEngine(tools.describe().features);
  return unknown.length > 0 ? olderReport(unknown) : engineReport(fault);
}

/** The engine's fault with the offset in the file, not in what was made of it. @param {Uint8Array} bytes @param {unknown} otherwise */
async function faultOfFile(bytes, otherwise) {
  return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (bytes)).then(
    () => otherwise,
    (fault) => fault,
  );
}

/** @param {WasmFault} fault @returns {Report} */
function faultReport({ section, offset, message, component, function: index }) {
  const place = offset === null ? '' : ` at offset ${offset}`;
  if (component) return hostReport(CODE.DESERIALIZE, `this is a WebAssembly component: ${message}`, COMPONENT_HELP);
  const report = hostReport(
    CODE.DESERIALIZE,
    `the module is malformed: ${message} (section ${section}${place})`,
    'It was damaged or cut short, or is newer than what is known here: build it or fetch it again.',
  );
  const position = { block: null, instruction: null, site: null, text: null };
  report.position = { ...position, function: null, functionIndex: index, offset };
  return report;
}

/** @param {string[]} features */
function olderReport(features) {
  const message = `the module uses what this engine does not know: ${features.join(', ')}`;
  return hostReport(CODE.VALIDATE, message, 'A newer browser or Node may know it, or build the module without it.');
}

/** How V8 and SpiderMonkey say what is wrong, and where. */
const ENGINE_WORDS = [
  /^Compiling function #(?<index>\d+)(?::".*")? failed: (?<what>.*) @\+(?<offset>\d+)$/s,
  /^wasm validation error: at offset (?<offset>\d+): (?<what>.*)$/s,
  /^(?<what>.*) @\+(?<offset>\d+)$/s,
];

/** The engine's own check of types. @param {unknown} thrown */
function engineReport(thrown) {
  const text = sentenceOf(thrown).replace(/^WebAssembly\.\w+\([^)]*\): */, '');
  const { index, what = text, offset } = ENGINE_WORDS.map((words) => words.exec(text)).find(Boolean)?.groups ?? {};
  const inFunction = index === undefined ? '' : `section code, function ${index}, `;
  const place = offset === undefined ? '' : ` (${inFunction}at offset ${offset})`;
  const message = `the module is not valid: ${what}${place}`;
  const report = hostReport(CODE.VALIDATE, message, 'Report it to whoever made the compiler.');
  if (offset !== undefined) {
    const position = { function: null, block: null, instruction: null, site: null, text: null };
    report.position = { ...position, functionIndex: index ? Number(index) : null, offset: Number(offset) };
  }
  return report;
}

/** @param {Report} report @returns {OpenedModule} */
function refused(report) {
  return { info: null, plan: null, report };
}
