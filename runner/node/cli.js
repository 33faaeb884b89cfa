/**
 * The command line: arguments, then one of the commands, then an exit status (spec jsrs.md 18).
 * Runs in the main thread, in slices: a worker would take longer to start than most programs to end.
 */
import { fileURLToPath } from 'node:url';
import { isJsrs, isModule, loadProgram } from '../program.js';
import { CODE, hostReport, sentenceOf } from '../result.js';
import { run } from '../run.js';
import { USAGE, parseArguments } from './arguments.js';
import { loadBackendFile } from './backend-file.js';
import { Output, endWithTerminal, isLate, onEnding, readInput } from './host.js';

/** @import { Command } from './arguments.js' */
/** @import { Options } from './options.js' */
/** @import { Report } from '../result.js' */

/** Options that only modules have. @type {[string, (options: Options) => boolean][]} */
const MODULE_ONLY = [
  ['--args', ({ args }) => args.length > 0],
  ['--env', ({ env }) => Object.keys(env).length > 0],
  ['--dir', ({ dirs }) => Object.keys(dirs).length > 0],
  ['--keys', ({ keys }) => keys !== null],
  ['--size', ({ size }) => size !== null],
  ['--screen', ({ screen }) => screen],
  ['--raw', ({ raw }) => raw],
  ['--seed', ({ seed }) => seed !== null],
  ['--clock', ({ clock }) => clock !== null],
  ['--call', ({ calls }) => calls.length > 0],
  ['--stub', ({ stub }) => stub],
  ['--preload', ({ preload }) => Object.keys(preload).length > 0],
];

/** What could not be done with a file that the user named; the cause says why. */
class FileFault extends Error {}

/**
 * @param {string[]} words the arguments after the script's name
 * @returns {Promise<number>} the exit status
 */
export async function main(words) {
  const out = new Output(1);
  const err = new Output(2);
  try {
    const status = await told(words, out, err);
    if (out.error || err.error) endWithTerminal([out, err]);
    if (out.isStuck || err.isStuck) process.exit(status); // what was not taken would keep the process
    return status;
  } catch (thrown) {
    endWithTerminal([out, err]);
    if (err.error) return CODE.IO; // nobody is there to be told
    throw thrown;
  }
}

/** @param {string[]} words @param {Output} out @param {Output} err */
async function told(words, out, err) {
  try {
    const status = await command(words, out, err);
    await out.flush();
    if (out.isStuck && status === CODE.OK) return lostOutput(new Error('its reader takes nothing'), err);
    return out.error ? lostOutput(out.error, err) : status;
  } catch (thrown) {
    if (out.error) return lostOutput(out.error, err);
    if (thrown instanceof FileFault) return failAtFile(err, thrown.message, thrown.cause);
    return fail(err, hostReport(CODE.INTERNAL, sentenceOf(thrown)));
  }
}

/** @param {string[]} words @param {Output} out @param {Output} err */
async function command(words, out, err) {
  const parsed = parseArguments(words);
  if ('fault' in parsed) {
    await err.write(`error[invalid-args]: ${parsed.fault}\n${USAGE}\n`);
    return CODE.ARGS;
  }
  const fault = 'options' in parsed ? await faultOfPaths(parsed) : null;
  if (fault !== null) return fail(err, hostReport(CODE.ARGS, fault));
  switch (parsed.command) {
    case 'help':
      await out.write((await import('./help.js')).helpText());
      return CODE.OK;
    case 'version':
      await out.write(`${await version()}\n`);
      return CODE.OK;
    case 'run':
      return runFile(parsed, out, err);
    case 'build': {
      const { build } = await import('./build.js');
      return build(parsed, await read(parsed.file), out, err);
    }
    default:
      return show(parsed, out, err);
  }
}

/** @param {Command} command */
async function faultOfPaths({ file, options }) {
  if (options.out === null && options.traceOut === null && options.outBin === null) return null;
  const { faultOfOutputs } = await import('./outputs.js');
  return faultOfOutputs([file, ...Object.values(options.preload)], options);
}

/** @param {Command} command @param {Output} out @param {Output} err */
async function runFile({ file, options }, out, err) {
  const bytes = await read(file);
  if (isModule(bytes)) {
    const modules = await readModules(options);
    const { moduleHost } = await import('./module-host.js');
    const worker = moduleHost.spawn(undefined); // it loads its code while ours is loaded, and the module compiled
    try {
      const { runModuleFile } = await import('./run-module.js');
      return await runModuleFile({ bytes, file, modules }, options, out, err, worker);
    } finally {
      worker.terminate();
    }
  }
  // Of a file that is neither it is said what it is.
  const foreign = isJsrs(bytes) ? MODULE_ONLY.find(([, isGiven]) => isGiven(options)) : undefined;
  if (foreign) return fail(err, hostReport(CODE.ARGS, `option ${foreign[0]} has no meaning for a JSRS program`));
  const ending = new AbortController();
  /** @type {unknown} */
  let fileFault = null;
  let ended = 0;
  const unlisten = onEnding((status) => {
    ended = status;
    ending.abort();
  });
  const started = performance.now();
  const result = await run({
    bytes,
    entry: options.entry,
    validate: options.validate,
    ...(options.codegenWasm && { mode: /** @type {const} */ ('compiled'), level: options.level ?? 'O1' }),
    limits: { steps: options.steps, memory: options.memory, output: options.output, seconds: options.seconds },
    trace: options.trace ? { events: 0, text: true } : null,
    signal: ending.signal,
    collect: false,
    onStdout: (chunk) => out.write(chunk),
    onStart: async () => {
      try {
        if (options.outBin !== null) await write(options.outBin, bytes);
      } catch (thrown) {
        fileFault = thrown;
        ending.abort();
      }
    },
  });
  unlisten();
  if (ended || isLate(started, options)) for (const each of [out, err]) each.hurry();
  await out.flush();
  if (fileFault) throw fileFault;
  if (out.error) return CODE.IO;
  const { text } = result.trace;
  if (text && options.traceOut === null) await err.write(text);
  const unwritten = text && options.traceOut !== null ? await faultOfWriting(options.traceOut, text) : null;
  if (ended !== 0) endWithTerminal([out, err], ended);
  if (result.code !== CODE.OK) {
    await fail(err, result, bytes);
    if (unwritten) await failAtFile(err, unwritten.message, unwritten.cause);
    return ended || result.code;
  }
  if (unwritten) throw unwritten;
  if (!options.quiet) await err.write(result.exitValue === null ? 'ok\n' : `ok exit=${result.exitValue}\n`);
  return CODE.OK;
}

/** The commands that load a file and print something of it. @param {Command} command @param {Output} out @param {Output} err */
async function show({ command, file, options }, out, err) {
  const bytes = await read(file);
  if (isModule(bytes)) {
    const { showModule } = await import('./show-module.js');
    return showModule(command, { bytes, modules: await readModules(options) }, options, out, err);
  }
  if (Object.keys(options.preload).length > 0)
    return fail(err, hostReport(CODE.ARGS, 'option --preload has no meaning for a JSRS program'));
  const { backend, report } = await loadProgram(await loadBackendFile(null), bytes, options);
  if (!backend) return fail(err, report);
  if (command === 'inspect' || command === 'disassemble') {
    const message = `${command} has no meaning for a JSRS program: it is for WebAssembly modules`;
    return fail(err, { ...hostReport(CODE.ARGS, message), help: '`check` and `listing` show a JSRS program.' });
  }
  if (command === 'check') {
    const { version, functions, omitted } = backend.module();
    const { counted } = await import('./counted.js');
    await out.write(`valid: JSRS version ${version}, ${counted(functions.length + omitted.functions, 'function')}\n`);
    return CODE.OK;
  }
  if (command === 'ir' && (options.level !== null || options.printAfter !== null)) {
    const { printPasses } = await import('./passes.js');
    return printPasses(backend, bytes, options, out, err);
  }
  const { textOf } = await import('../program-text.js');
  const which =
    command === 'ir' && options.optimised
      ? 'optimised'
      : command === 'run' || command === 'build'
        ? 'listing'
        : command;
  const made = textOf(backend, which, options.entry, Infinity);
  if (made.report) return fail(err, made.report, bytes);
  await out.write(made.bytes);
  return CODE.OK;
}

/** @param {Output} err @param {Report} report @param {Uint8Array | null} [bytes] of the file, where an entry was asked for */
async function fail(err, report, bytes = null) {
  const [{ errorText }, { namingEntries }] = await Promise.all([import('./diagnostics.js'), import('./entries.js')]);
  await err.write(errorText(bytes ? await namingEntries(report, bytes) : report));
  return report.code;
}

/** @param {Output} err @param {string} what @param {unknown} thrown */
async function failAtFile(err, what, thrown) {
  const { fileSentence } = await import('./file-sentence.js');
  return fail(err, hostReport(CODE.IO, `${what}: ${fileSentence(thrown)}`));
}

/** A reader that has gone, as `head` does, needs no sentence. @param {NodeJS.ErrnoException} error @param {Output} err */
async function lostOutput(error, err) {
  if (error.code === 'EPIPE') return CODE.IO;
  return failAtFile(err, 'the output cannot be written', error);
}

/** @param {string} path */
async function read(path) {
  try {
    return await readInput(path);
  } catch (thrown) {
    const name = path === '-' ? 'standard input' : path;
    throw new FileFault(`${name} cannot be read`, { cause: thrown });
  }
}

/** @param {Options} options @returns {Promise<Record<string, Uint8Array>>} */
async function readModules({ preload }) {
  /** @type {Record<string, Uint8Array>} */
  const modules = Object.create(null);
  for (const [name, path] of Object.entries(preload)) modules[name] = await read(path);
  return modules;
}

/** @param {string} path @param {Uint8Array} bytes @returns {Promise<FileFault | null>} */
async function faultOfWriting(path, bytes) {
  try {
    await write(path, bytes);
    return null;
  } catch (thrown) {
    if (thrown instanceof FileFault) return thrown;
    throw thrown;
  }
}

/** @param {string} path @param {Uint8Array} bytes */
async function write(path, bytes) {
  const { writeAtomic } = await import('./atomic-file.js');
  try {
    writeAtomic(path, bytes);
  } catch (thrown) {
    throw new FileFault(`${path} cannot be written`, { cause: thrown });
  }
}

async function version() {
  const text = await read(fileURLToPath(new URL('../../package.json', import.meta.url)));
  const { name, version } = JSON.parse(new TextDecoder().decode(text));
  return `${name} ${version}`;
}
