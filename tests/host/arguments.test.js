// The command line's words: what is taken, what is refused and how it says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../runner/node/arguments.js';
import { helpText } from '../../runner/node/help.js';

/** @type {[string, object][]} words, part of the options */
const taken = [
  ['run f', { entry: 'main', trace: false, validate: true, steps: 0 }],
  ['run f --entry go', { entry: 'go' }],
  ['run --entry go f', { entry: 'go' }],
  ['run f --trace --trace-out t', { trace: true, traceOut: 't' }],
  ['run f --no-validate --quiet', { validate: false, quiet: true }],
  [
    'run f --max-steps 1000 --max-memory 64M --max-output 1K --timeout 0.5',
    { steps: 1000, memory: 2 ** 26, output: 1024, seconds: 0.5 },
  ],
  ['run f --out-bin -x', { outBin: '-x' }],
  ['run f --codegen-wasm -O s', { codegenWasm: true, level: 'Os' }],
  ['run f --codegen-wasm -O2', { level: 'O2' }],
  ['run f --max-memory=1M', { memory: 2 ** 20 }],
  [
    'build f -o g.wasm --entry go --adapter wasi -Os --names --no-map --mvp --max-memory 1M',
    { out: 'g.wasm', adapter: 'wasi', level: 'Os', names: true, map: false, mvp: true, memory: 2 ** 20 },
  ],
  ['build f --wat', { wat: true, out: null, map: true, level: null }],
  ['ir f -O0 --print-after=promote', { level: 'O0', printAfter: 'promote' }],
  ['ir f --optimised --entry go', { optimised: true, entry: 'go' }],
];
for (const [words, options] of taken) {
  test(`takes ${words}`, () => {
    const parsed = parseArguments(words.split(' '));
    assert.ok('file' in parsed, JSON.stringify(parsed));
    assert.equal(parsed.file, 'f');
    for (const [key, value] of Object.entries(options)) assert.deepEqual(parsed.options[key], value, key);
  });
}

test('`-` is a file, and after `--` everything is', () => {
  assert.equal(parseArguments(['run', '-']).file, '-');
  assert.equal(parseArguments(['run', '--', '--entry']).file, '--entry');
});

/** @type {[string, RegExp][]} */
const refused = [
  ['', /command is missing/],
  ['jump f', /"jump" is not a command/],
  ['constructor f', /is not a command/],
  ['run', /file is missing/],
  ['run f g', /"g" is too many/],
  ['run f --frob', /"--frob" is unknown/],
  ['run f --entry', /--entry needs a value: FN/],
  ['run f --entry=', /--entry cannot be "": it takes FN/],
  ['run f --trace --trace-out=', /--trace-out cannot be "": it takes PATH/],
  ['run f --out-bin=', /--out-bin cannot be "": it takes PATH/],
  ['build f -o ', /-o cannot be "": it takes OUT.wasm/],
  ['run f --max-steps many', /--max-steps cannot be "many": it takes a whole number from 1 up/],
  ['run f --max-steps 9007199254740992', /it takes a whole number from 1 up to 9007199254740991/],
  ['run f --max-memory 9007199254740992', /M or G, 9007199254740991 bytes at most/],
  ['run f --timeout 1000000000', /it takes a number above 0 and below 1000000000/],
  ['run f --max-steps -1', /--max-steps cannot be "-1"/],
  ['run f --max-steps 0', /--max-steps cannot be "0"/],
  ['run f --max-memory 1T', /--max-memory cannot be "1T": it takes a number of bytes from 1 up, or of K, M or G/],
  ['run f --max-memory 0', /--max-memory cannot be "0"/],
  ['run f --max-output 0K', /--max-output cannot be "0K"/],
  ['run f --timeout 0.0', /--timeout cannot be "0.0": it takes a number above 0/],
  ['run f --timeout 1e3', /--timeout cannot be/],
  ['run f --trace-out t', /--trace-out needs --trace/],
  ['run f --codegen-wasm --trace', /compiled programs cannot be traced/],
  ['run f --codegen-wasm --max-steps 5', /compiled programs count no steps/],
  ['run f -O2', /-O needs --codegen-wasm/],
  ['run f --codegen-wasm -O3', /-O cannot be "3": it takes 0, 1, 2 or s/],
  ['run f --quiet=1', /--quiet takes no value/],
  ['run ', /path of the file is empty/],
  ['build f', /-o is missing/],
  ['build f -o', /-o needs a value: OUT.wasm/],
  ['build f -o g --adapter wasm', /--adapter cannot be "wasm": it takes jsrust or wasi/],
  ['build f -o g --adapter wasi --block-write', /--block-write is for the adapter jsrust/],
  ['build f -o g --trace', /--trace has no meaning for build/],
  ['ir f --optimised -O2', /--optimised shows what the interpreter runs/],
  ['ir f --optimised --print-after all', /--optimised shows what the interpreter runs/],
  ['check f --entry go', /--entry has no meaning for check/],
  ['listing f --trace', /--trace has no meaning for listing/],
];
for (const [words, sentence] of refused) {
  test(`refuses ${words || 'nothing'}`, () => {
    const parsed = parseArguments(words === '' ? [] : words.split(' '));
    assert.ok('fault' in parsed, JSON.stringify(parsed));
    assert.match(parsed.fault, sentence);
  });
}

test('help is given wherever it is asked for, and names every option', () => {
  assert.equal(parseArguments(['run', 'f', '--help']).command, 'help');
  for (const name of ['--entry FN', '--trace-out PATH', '--max-memory SIZE', '--version']) {
    assert.ok(helpText().includes(name), name);
  }
});
