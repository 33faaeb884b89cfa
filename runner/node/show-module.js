/**
 * The commands that show a WebAssembly module without running it: check, inspect, disassemble.
 */
import { openModule } from '../module/open.js';
import { importText } from '../module/plan.js';
import { instantiateTools } from '../module/tools.js';
import { visible } from '../visible.js';
import { CODE, hostReport } from '../result.js';
import { errorText } from './diagnostics.js';
import { moduleHost } from './module-host.js';

/** @import { WasmInfo } from '../module/info.js' */
/** @import { Plan } from '../module/plan.js' */
/** @import { CommandName, Options } from './arguments.js' */
/** @import { Output } from './host.js' */

/**
 * @param {CommandName} command
 * @param {Uint8Array} bytes
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @returns {Promise<number>} the exit status
 */
export async function showModule(command, bytes, options, out, err) {
  const tools = instantiateTools(await moduleHost.tools(undefined));
  const { info, plan, report } = openModule(tools, bytes);
  if (report) return fail(err, report);
  if (command === 'check') {
    await out.write(`decoded: WebAssembly module, ${info.importedFunctions + info.functions.length} functions\n`);
    return CODE.OK;
  }
  if (command === 'inspect') {
    await out.write(options.json ? `${JSON.stringify({ ...info, plan }, null, 2)}\n` : inspection(info, plan));
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

/** @param {WasmInfo} info @param {Plan} plan */
function inspection(info, plan) {
  const { sections, exports, memories, functions, features, producers, custom } = info;
  const parts = [
    [`${plan.title}, ${info.size} bytes; ${plan.entry === null ? plan.entryFault : `running it calls ${plan.entry}`}`],
    ['imports', ...plan.imports.map((each) => `${importText(each)}  ${fateOf(each)}`)],
    ['exports', ...exports.map(({ kind, name, type }) => `${kind} ${visible(name)} ${type}`)],
    [
      'memories',
      ...memories.map(
        ({ initial, maximum, shared }) => `${initial}..${maximum ?? ''} pages${shared ? ', shared' : ''}`,
      ),
    ],
    [
      'sections',
      ...sections.map(
        ({ name, offset, size, count }) =>
          `${name}: ${size} bytes at ${offset}${count === null ? '' : `, ${count} items`}`,
      ),
    ],
    ['custom sections', ...custom.map(({ name, size }) => `${visible(name)}: ${size} bytes`)],
    [
      'producers',
      ...producers.map(({ field, name, version }) => `${visible(field)}: ${visible(name)} ${visible(version)}`.trim()),
    ],
    ['features', ...features],
    ['largest functions', ...largest(functions)],
  ];
  return `${parts
    .filter(([, ...items], index) => index === 0 || items.length > 0)
    .map(([title, ...items]) => [title, ...items.map((each) => `  ${each}`)].join('\n'))
    .join('\n')}\n`;
}

const LARGEST = 20;

/** @param {WasmInfo['functions']} functions */
function largest(functions) {
  const sorted = [...functions].sort((a, b) => b.size - a.size).slice(0, LARGEST);
  return sorted.map(
    ({ index, name, size, instructions }) =>
      `${name === null ? `function ${index}` : visible(name)}: ${size} bytes, ${instructions} instructions`,
  );
}

/** @param {Plan['imports'][number]} planned */
function fateOf({ fate, by, reason }) {
  return fate === 'abi' ? `<- ${by}` : `(${fate}) ${reason}`;
}
