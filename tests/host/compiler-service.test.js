// The worker's answers about compiled programs, with the real compiler: modules that run, passes, pairs, graphs, and what is
// said where there is no answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CompilerService } from '../../runner/compiler/service.js';
import { LEVELS } from '../../runner/backend/abi.js';
import { ROW } from '../../runner/ir-view/diff.js';
import { functionsOf, linesOf } from '../../runner/ir-view/functions.js';
import { readHistory, textAt } from '../../runner/ir-view/history.js';
import { loadBackendFile } from '../../runner/node/backend-file.js';
import { moduleHost } from '../../runner/node/module-host.js';
import { loadProgram } from '../../runner/program.js';
import { project } from '../lib/files.mjs';

/** @import { Answers, Question } from '../../runner/compiler/questions.js' */

const service = new CompilerService(await loadBackendFile(null), await moduleHost.tools(undefined));
const ENTRY = { number: -1, name: '' };
let files = 0;

/** @param {string} name */
function file(name) {
  return { id: ++files, bytes: new Uint8Array(readFileSync(join(project, 'fixtures/jsrs', `${name}.jsrbin`))) };
}

const textOf = (/** @type {Uint8Array} */ utf8) => Buffer.from(utf8).toString();

/**
 * @template {keyof Answers} What
 * @param {{ id: number, bytes: Uint8Array }} of
 * @param {{ what: What } & Record<string, unknown>} question
 * @returns {Promise<Answers[What]>}
 */
async function ask(of, question) {
  const way = { entry: 'main', level: 'O1', validate: true };
  const answer = /** @type {any} */ (
    await service.answer(of, /** @type {Question} */ (/** @type {any} */ ({ ...way, ...question })))
  );
  assert.ok(!('report' in answer), answer.report?.message);
  return answer;
}

test('a module to run is compiled once for the same question', async () => {
  const primes = file('primes.v3');
  const built = await ask(primes, { what: 'build', memory: 0 });
  assert.ok(built.module instanceof WebAssembly.Module);
  assert.equal(built.plan.kind, 'generated');
  assert.equal(built.plan.entry, 'main');
  assert.ok(built.size > 100 && built.milliseconds >= 0);
  assert.equal(await ask(primes, { what: 'build', memory: 0 }), built);
  assert.notEqual(await ask(primes, { what: 'build', memory: 0, level: 'O0' }), built);
});

test('files to keep import what the contract says and no more, and are reproducible', async () => {
  const primes = file('primes.v3');
  const { bytes } = await ask(primes, { what: 'bytes', adapter: 'jsrust' });
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  assert.deepEqual(imports.map(({ module, name }) => `${module}.${name}`).sort(), [
    'env.jsrust_flush',
    'env.jsrust_write_byte',
  ]);
  assert.deepEqual((await ask(primes, { what: 'bytes', adapter: 'jsrust' })).bytes, bytes);
  const wasi = new WebAssembly.Module((await ask(primes, { what: 'bytes', adapter: 'wasi' })).bytes);
  assert.ok(WebAssembly.Module.exports(wasi).some(({ name }) => name === '_start'));
  assert.match(textOf((await ask(primes, { what: 'text', adapter: 'wasi' })).text), /^\(module[\s\S]*\)\s*$/);
});

for (const level of ['O0', 'O1', 'O2', 'Os']) {
  test(`passes of ${level} lead from the lowered IR to what is compiled, change by change`, async () => {
    const primes = file('primes.v3');
    const { passes, functions } = await ask(primes, { what: 'passes', level });
    assert.deepEqual(functions.names, ['main', 'is_prime']);
    const way = { what: /** @type {const} */ ('pass'), level, function: ENTRY };
    const start = await ask(primes, { ...way, at: 0 });
    assert.ok(start.kinds.every((kind) => kind === ROW.SAME));
    assert.equal(start.before, start.after);
    let shown = textOf(start.text);
    for (let at = 1; at <= passes.length; at++) {
      const view = await ask(primes, { ...way, at, function: start.function });
      const lines = textOf(view.text).split('\n');
      const without = (/** @type {number} */ kind) => lines.filter((_, line) => view.kinds[line] !== kind).join('\n');
      assert.equal(without(ROW.ADDED), shown, `${at}`);
      const changes = without(ROW.REMOVED) !== shown;
      assert.equal(view.added + view.removed > 0, changes);
      shown = without(ROW.REMOVED);
    }
    const pair = await ask(primes, { what: 'pair', level, function: start.function });
    assert.equal(textOf(pair.ir), shown);
  });
}

const wholeCompiler = await loadBackendFile(null);

for (const name of ['primes.v3', 'closure_capture.v2', 'vec_grow.v2', 'enum_unit.v3', 'hello.v3'])
  test(`each function of ${name} is told after each pass as the whole module is`, async () => {
    const { bytes } = file(name);
    const { backend } = await loadProgram(wholeCompiler, bytes, { validate: true });
    assert.ok(backend);
    const { functions } = backend.irFunctions('main');
    assert.ok(functions && functions.length > 0);
    for (const level of LEVELS) {
      const histories = functions.map(({ number }) => readHistory(backend.irHistory('main', level, number).text ?? ''));
      assert.deepEqual(
        histories.map((each) => each.function),
        functions,
      );
      for (let at = 0; at <= backend.passes(level).length; at++) {
        const whole = backend.irAfter('main', level, at).text ?? '';
        assert.deepEqual(
          histories.map((history) => textAt(history, at)),
          functionsOf(whole).map((each) => linesOf(whole, each).join('\n')),
          `${level} ${at}`,
        );
      }
      for (const { positions, texts } of histories)
        for (let i = 1; i < texts.length; i++) assert.ok(texts[i] !== texts[i - 1] && positions[i] > positions[i - 1]);
    }
    const [entry] = functions.filter((each) => each.name === 'main');
    assert.deepEqual(readHistory(backend.irHistory('main', 'O1', 0).text ?? '').function, entry);
    assert.equal(backend.irHistory('main', 'O1', functions.length + 1).text, null);
    assert.equal(backend.irFunctions('nowhere').report?.code, 40);
  });

test('the next change is found in both directions', async () => {
  const primes = file('primes.v3');
  const way = { what: /** @type {const} */ ('change'), function: ENTRY };
  const { passes } = await ask(primes, { what: 'passes' });
  const first = await ask(primes, { ...way, at: 0, direction: 1 });
  assert.ok(first.at >= 1);
  const last = await ask(primes, { ...way, at: passes.length + 1, direction: -1 });
  assert.ok(last.at >= first.at && last.at <= passes.length);
  assert.equal((await ask(primes, { ...way, at: last.at, direction: 1 })).at, -1);
  assert.equal((await ask(primes, { ...way, at: first.at, direction: -1 })).at, -1);
});

for (const name of ['primes.v3', 'closure_capture.v2', 'i128_prod.v3', 'vec_grow.v2', 'array_oob.v3']) {
  test(`code of ${name} is paired with the IR it was made of`, async () => {
    const program = file(name);
    const pair = await ask(program, { what: 'pair', level: 'O0', function: ENTRY });
    assert.ok(pair.wat);
    const ir = textOf(pair.ir).split('\n');
    const code = textOf(pair.wat).split('\n');
    assert.match(code[0], /^\(func /);
    const paired = [...pair.pairs].filter((line) => line >= 0);
    assert.ok(paired.length > code.length / 2, `${paired.length} of ${code.length}`);
    assert.ok(paired.every((line) => line < ir.length));
    // A call of the IR is a call in the code.
    ir.forEach((line, at) => {
      if (!/^ {2}(?:v\d+ = )?call /.test(line)) return;
      const own = code.filter((_, row) => pair.pairs[row] === at);
      assert.ok(
        own.some((text) => text.trim().startsWith('call ')),
        `${line}: ${own.join('; ')}`,
      );
    });
  });
}

test('a function that was inlined has no code of its own, or is gone', async () => {
  const primes = file('primes.v3');
  const question = {
    what: 'pair',
    entry: 'main',
    level: 'O2',
    validate: true,
    function: { number: 2, name: 'is_prime' },
  };
  const answer = await service.answer(primes, /** @type {Question} */ (question));
  if ('report' in answer) assert.match(answer.report.message, /^`is_prime` is gone/);
  else assert.equal(/** @type {Answers['pair']} */ (answer).wat, null);
});

test('a graph has the blocks of the text', async () => {
  const flow = await ask(file('primes.v3'), { what: 'flow', at: -1, function: ENTRY });
  assert.equal(flow.fault, '');
  assert.equal(
    flow.blocks.length,
    textOf(flow.text)
      .split('\n')
      .filter((line) => line.startsWith('block')).length,
  );
  assert.ok(flow.edges.some(({ back }) => back));
});

test('what cannot be compiled is answered with its report', async () => {
  const of = { id: ++files, bytes: new TextEncoder().encode('SJSRnothing') };
  const broken = await service.answer(of, { what: 'passes', entry: 'main', level: 'O1', validate: true });
  assert.ok('report' in broken && broken.report.code >= 20 && broken.report.code < 40);
  const missing = await service.answer(file('primes.v3'), {
    ...{ what: 'build', entry: 'nowhere', level: 'O1', validate: true, memory: 0 },
  });
  assert.ok('report' in missing && missing.report.code === 40, JSON.stringify(missing));
});
