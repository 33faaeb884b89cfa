/** Reads a command line by the table of options.js. Pure: words in, a command or the sentence that refuses it out. */
import { quoted } from './option-values.js';
import { COMMANDS, OPTIONS, usualOptions } from './options.js';

/** @import { CommandName, Options } from './options.js' */

/** @typedef {{ command: CommandName, file: string, options: Options }} Command */
/** @typedef {{ command: 'help' | 'version' }} Plain */
/** @typedef {{ fault: string }} Refused */

export const USAGE = `usage: node runner/main.js ${Object.keys(COMMANDS).join('|')} FILE [options]; --help lists them`;

/**
 * @param {string[]} words after the script's name
 * @returns {Command | Plain | Refused}
 */
export function parseArguments(words) {
  const ours = words.slice(0, words.findIndex((word) => word === '--args' || word === '--') >>> 0);
  if (ours.includes('--help') || ours.includes('-h')) return { command: 'help' };
  if (words[0] === '--version') return { command: 'version' };
  const [name, ...rest] = words;
  if (name === undefined) return { fault: 'a command is missing' };
  if (!isCommand(name)) return { fault: `${quoted(name)} is not a command` };
  return parseCommand(name, rest);
}

/**
 * @param {CommandName} command
 * @param {string[]} words
 * @returns {Command | Refused}
 */
function parseCommand(command, words) {
  const options = usualOptions();
  /** @type {string[]} */
  const files = [];
  let onlyFiles = false;
  for (let i = 0; i < words.length; i++) {
    const [word, joined] = onlyFiles ? [words[i], undefined] : splitOption(words[i]);
    if (onlyFiles || word === '-' || !word.startsWith('-')) {
      files.push(word);
    } else if (word === '--') {
      onlyFiles = true;
    } else {
      const row = OPTIONS.find((each) => each.name === word);
      if (row === undefined) return { fault: `option ${quoted(word)} is unknown` };
      if (!row.of.includes(command)) return { fault: `option ${word} has no meaning for ${command}` };
      if (word === '--args') {
        options.args = words.slice(i + 1);
        break;
      }
      if (row.value === null && joined !== undefined) return { fault: `option ${word} takes no value` };
      const value = row.value === null ? '' : (joined ?? words[++i]);
      if (value === undefined) return { fault: `option ${word} needs a value: ${row.value}` };
      const fault = row.set(options, value);
      if (fault === false) return { fault: `option ${word} cannot be ${quoted(value)}: it takes ${row.value}` };
      if (typeof fault === 'string') return { fault: `option ${word} cannot be ${quoted(value)}: ${fault}` };
    }
  }
  if (files.length === 0) return { fault: 'a file is missing; `-` is standard input' };
  if (files[0] === '') return { fault: 'the path of the file is empty' };
  if (files.length > 1) return { fault: `one file at a time: ${quoted(files[1])} is too many` };
  if (options.traceOut !== null && !options.trace) return { fault: '--trace-out needs --trace' };
  if (options.entryGiven !== null && options.calls.length > 0)
    return { fault: '--entry and --call exclude each other' };
  const fault = faultOfCompiling(command, options);
  return fault === null ? { command, file: files[0], options } : { fault };
}

/** `-O2` and `--name=value`, as compilers have them. @param {string} word @returns {[string, string | undefined]} */
function splitOption(word) {
  if (/^-O./.test(word)) return ['-O', word.slice(2)];
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** @param {CommandName} command @param {Options} options @returns {string | null} */
function faultOfCompiling(command, options) {
  const { codegenWasm, trace, steps, level, out, wat, blockWrite, adapter, optimised, printAfter } = options;
  if (command === 'build') {
    if (blockWrite && adapter === 'wasi') return '--block-write is for the adapter jsrust';
    return out === null && !wat ? 'option -o is missing: where the module goes' : null;
  }
  if (optimised && (level !== null || printAfter !== null)) {
    return '--optimised shows what the interpreter runs: -O and --print-after show other passes';
  }
  if (codegenWasm && trace) return '--trace and --codegen-wasm exclude each other: compiled programs cannot be traced';
  if (codegenWasm && steps > 0) {
    return '--max-steps and --codegen-wasm exclude each other: compiled programs count no steps';
  }
  return command === 'run' && level !== null && !codegenWasm ? '-O needs --codegen-wasm' : null;
}

/** @param {string} name @returns {name is CommandName} */
function isCommand(name) {
  return Object.hasOwn(COMMANDS, name);
}
