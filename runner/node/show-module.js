/**
 * The commands that show a WebAssembly module without running it: check, inspect, disassemble.
 */
import { demangled } from '../module/demangle.js';
import { checkModule, openLinked } from '../module/open.js';
import { importText, missingOf } from '../module/plan.js';
import { instantiateTools } from '../module/tools.js';
import { jsonText, visible } from '../visible.js';
import { CODE, hostReport } from '../result.js';
import { counted } from './counted.js';
import { errorText } from './diagnostics.js';
import { moduleHost } from './module-host.js';

/** @import { WasmInfo } from '../module/info.js' */
/** @import { Plan } from '../module/plan.js' */
/** @import { ModuleTools } from '../module/tools.js' */
/** @import { CommandName, Options } from './options.js' */
/** @import { Output } from './host.js' */

/**
 * @param {CommandName} command
 * @param {{ bytes: Uint8Array, modules: Record<string, Uint8Array> }} program `modules`: those linked to it
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @returns {Promise<number>} the exit status
 */
export async function showModule(command, { bytes, modules }, options, out, err) {
  const tools = instantiateTools(await moduleHost.tools(undefined));
  const { info, plan, report } = openLinked(tools, bytes, new Map(Object.entries(modules)));
  if (report) return fail(err, report);
  if (command === 'check') {
    const fault = options.validate ? await checkModule(tools, bytes) : null;
    if (fault) return fail(err, fault);
    const missing = missingOf(plan).map((each) => `missing: ${importText(each)}: ${each.reason}\n`);
    const count = info.importedFunctions + info.functions.length + (info.omitted.functions ?? 0);
    await out.write(
      `${options.validate ? 'valid' : 'decoded'}: ${plan.title}, ${counted(count, 'function')}\n${missing.join('')}`,
    );
    return CODE.OK;
  }
  if (command === 'inspect') {
    const text = options.json
      ? `${jsonText({ ...info, plan }, undefined, 2)}\n`
      : inspection(info, plan, largest(tools, info));
    await out.write(text);
    return CODE.OK;
  }
  if (command !== 'disassemble')
    return fail(err, hostReport(CODE.ARGS, `${command} has no meaning for a WebAssembly module`));
  const count = info.importedFunctions + info.functions.length + (info.omitted.functions ?? 0);
  const wanted = options.function;
  if (wanted !== null && wanted >= count) {
    return fail(err, hostReport(CODE.ARGS, `there is no function ${wanted}: the module has ${count}`));
  }
  const first = wanted ?? info.importedFunctions;
  for (let index = first; index < (wanted === null ? count : first + 1); index++) {
    await out.write(`${tools.disassemble(index).text.trimEnd()}\n`);
  }
  return CODE.OK;
}

/** @param {Output} err @param {import('../result.js').Report} report */
async function fail(err, report) {
  await err.write(errorText(report));
  return report.code;
}

/** @param {WasmInfo} info @param {Plan} plan @param {WasmInfo['functions']} large */
function inspection(info, plan, large) {
  const { sections, exports, memories, tables, globals, tags, elements, data, features, producers } = info;
  const name = info.moduleName === null ? '' : ` ${visible(info.moduleName)}`;
  const parts = [
    [`${plan.title}${name}, ${info.size} bytes. ${running(plan, info)}`],
    ['imports', ...plan.imports.map((each) => `${importText(each)}  ${fateOf(each)}`)],
    ...plan.linked.map(({ file, plan: { imports } }) => [
      `imports of ${file}`,
      ...imports.map((each) => `${importText(each)}  ${fateOf(each)}`),
    ]),
    ['exports', ...exports.map((each) => `${each.kind} ${visible(each.name)} ${each.type}`)],
    ['memories', ...memories.map((each) => `${memoryText(each)}${origin(each)}`)],
    ['tables', ...tables.map((each) => `${tableText(each)}${origin(each)}`)],
    ['globals', ...globals.map((each) => `${each.type}${each.init === null ? '' : ` = ${each.init}`}${origin(each)}`)],
    ['tags', ...tags.map((each) => `${each.type}${origin(each)}`)],
    ['types', ...info.types],
    [
      'elements',
      ...elements.map((each) => `${each.mode}: ${each.count} of ${each.type}${place(each, 'table', each.table)}`),
    ],
    ['data', ...data.map((each) => `${each.mode}: ${counted(each.size, 'byte')}${place(each, 'memory', each.memory)}`)],
    [
      'sections',
      ...sections.map(
        (each) =>
          `${visible(each.name)}: ${counted(each.size, 'byte')} at ${each.offset}${each.count === null ? '' : `, ${counted(each.count, 'item')}`}`,
      ),
    ],
    ['custom sections', ...info.custom.map((each) => `${visible(each.name)}: ${counted(each.size, 'byte')}`)],
    [
      'producers',
      ...producers.map((each) => `${visible(each.field)}: ${visible(each.name)} ${visible(each.version)}`.trim()),
    ],
    ['features', ...features],
    ['target features', ...info.targetFeatures.map(visible)],
    [
      `largest of ${counted(info.functions.length + (info.omitted.functions ?? 0), 'function')}`,
      ...large.map((each) => functionText(each, plan.names)),
    ],
    [
      'not listed',
      ...Object.entries(info.omitted).flatMap(([list, count]) =>
        list === 'functions' ? [] : [`${count} more ${list}`],
      ),
    ],
  ];
  return `${parts
    .filter(([, ...items], index) => index === 0 || items.length > 0)
    .map(([title, ...items]) => [title, ...items.map((each) => `  ${each}`)].join('\n'))
    .join('\n')}\n`;
}

/** @param {Plan} plan @param {WasmInfo} info */
function running({ entry, entryFault, reactor }, { start }) {
  const first = start === null ? '' : `Function ${start} runs when it is made. `;
  const called = entry === null ? entryFault : `Running it calls ${entry}.`;
  return `${first}${reactor && entry === null ? '_initialize comes before any call. ' : ''}${called}`;
}

/** @param {WasmInfo['memories'][number]} memory */
function memoryText({ initial, maximum, shared, is64, pageSize }) {
  const words = [`${limits({ initial, maximum })} pages`];
  if (pageSize !== undefined) words[0] += ` of ${counted(pageSize, 'byte')}`;
  if (shared) words.push('shared');
  if (is64) words.push('64-bit addresses');
  return words.join(', ');
}

/** @param {WasmInfo['tables'][number]} table */
function tableText({ initial, maximum, type, is64 }) {
  return `${limits({ initial, maximum })} ${type}${is64 ? ', 64-bit indices' : ''}`;
}

/** @param {{ initial: number, maximum: number | null }} limits */
function limits({ initial, maximum }) {
  return `${initial}..${maximum ?? ''}`;
}

/** @param {{ imported: boolean, name: string | null }} item */
function origin({ imported, name }) {
  return `${name === null ? '' : ` ${visible(name)}`}${imported ? ' (imported)' : ''}`;
}

/** @param {{ offset: string | null }} item @param {string} kind @param {number | null} index */
function place({ offset }, kind, index) {
  return index === null || offset === null ? '' : ` in ${kind} ${index} at ${offset}`;
}

const LARGEST = 20;

/** Of all functions, of which a description lists the first ones only. @param {ModuleTools} tools @param {WasmInfo} info */
function largest(tools, { functions, omitted }) {
  const best = (/** @type {WasmInfo['functions']} */ list) => list.sort((a, b) => b.size - a.size).slice(0, LARGEST);
  let found = best([...functions]);
  for (let seen = functions.length, count = seen + (omitted.functions ?? 0); seen < count;) {
    const more = tools.functions(seen);
    seen += more.length;
    found = best([...found, ...more]);
  }
  return found;
}

/** @param {WasmInfo['functions'][number]} described @param {Record<number, string>} exported those that have no other name */
function functionText({ index, name, size, instructions }, exported) {
  const known = visible(demangled(name ?? exported[index] ?? `function ${index}`));
  return `${known}: ${counted(size, 'byte')}, ${counted(instructions, 'instruction')}`;
}

/** @param {Plan['imports'][number]} planned */
function fateOf({ fate, by, reason }) {
  return fate === 'abi' || fate === 'linked' ? `<- ${by}` : `(${fate}) ${reason}`;
}
