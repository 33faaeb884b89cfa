/**
 * The text of --help, made of the tables in arguments.js.
 */
import { USAGE } from './arguments.js';
import { COMMANDS, OPTIONS } from './options.js';

/** @import { OptionRow } from './options.js' */

/** Headings of --help. @type {[OptionRow['program'], string][]} */
const GROUPS = [
  ['any', 'Options for every program:'],
  ['jsrs', 'Options for JSRS programs:'],
  ['module', 'Options for WebAssembly modules:'],
];

export function helpText() {
  const commands = Object.entries(COMMANDS).map(([name, meaning]) => helpLine(name, meaning));
  const groups = GROUPS.map(([program, heading]) => {
    const rows = OPTIONS.filter((each) => each.program === program);
    return [heading, ...rows.map(optionLine)].join('\n');
  });
  return `${USAGE}

Runs JSRS files and WebAssembly modules (WASI preview 1, Aver, JSRust's own, plain exports); which it is, its bytes tell.
\`-\` as FILE reads standard input; \`--\` ends the options.

Commands:
${commands.join('\n')}

${groups.join('\n\n')}

${helpLine('--help, -h', 'this text')}
${helpLine('--version', 'name and version')}

Exit status: the program's own where it gives one; else 0 ok; 10 file error; 11 wrong arguments; 20 not a whole file;
21 unknown version; 30 invalid, or an import is missing; 40 the program failed; 100 fault of the playground;
130 ended by Ctrl-C. Ctrl-\\ ends a program that takes every key.
JSRUST_BACKEND_WASM names another backend than backend/bin/jsrust-backend.wasm.

Examples:
${EXAMPLES.map((each) => `  node runner/main.js ${each}`).join('\n')}
`;
}

const EXAMPLES = [
  'run fixtures/jsrs/primes.v3.jsrbin',
  'run fixtures/jsrs/primes.v3.jsrbin --codegen-wasm -O2',
  'build fixtures/jsrs/primes.v3.jsrbin -o primes.wasm --adapter wasi',
  'run fixtures/wasi/words.wasm --dir .::/ --args README.md',
  'run fixtures/wasi/edit.wasm --raw --dir .::/ --args notes.txt',
  'run fixtures/wasm/bricks.wasm',
  'run fixtures/wasm/bricks.wasm --keys q --size 80x24 --screen --seed 1 --clock 0',
  "run fixtures/wasm/math.wasm --call 'fib(10)'",
  'inspect fixtures/wasi/words.wasm --json',
];

/** @param {OptionRow} row */
function optionLine({ name, value, meaning, of }) {
  const only = of.length === 1 && of[0] !== 'run' ? ` (${of[0]})` : '';
  return helpLine(value === null ? name : `${name} ${value}`, `${meaning}${only}`);
}

/** @param {string} words @param {string} meaning */
function helpLine(words, meaning) {
  return `  ${words.padEnd(22)}${meaning}`;
}
