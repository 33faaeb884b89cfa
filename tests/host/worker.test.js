// The protocol over real threads: client, worker, backend. Order, credits, stop, pause, crashes, memory.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createClient } from '../../runner/client.js';
import { spawnNodeWorker } from '../../runner/node/spawn.js';
import { exists } from '../lib/files.mjs';
import { takesLess } from '../lib/timing.mjs';
import { endlessLoop, endlessPrinter } from './programs.js';
import { expectationOf, fixture, malformed } from './fixtures.js';

/** @type {ReturnType<typeof createClient>} */
let client;
/** @type {string[]} */
const crashes = [];
before(async () => {
  client = createClient({ spawn: spawnNodeWorker, onCrash: (sentence) => void crashes.push(sentence) });
  await client.ready;
});
after(() => {
  client.close();
  assert.deepEqual(crashes, []);
});

const textOf = (/** @type {Uint8Array} */ utf8) => Buffer.from(utf8).toString();
const delay = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for a condition, not for a time. */
async function until(/** @type {() => boolean} */ holds) {
  const end = performance.now() + 60_000;
  while (!holds()) {
    assert.ok(performance.now() < end, `never came true: ${holds}`);
    await delay(2);
  }
}

/** Waits until what is looked at is the same again and again. */
async function rests(/** @type {() => string} */ look) {
  for (let quiet = 0, before = look(); quiet < 20; quiet++) {
    await delay(10);
    if (look() !== before) quiet = -1;
    before = look();
  }
}

/** Runs to the end and gathers all that the callbacks saw. */
async function runAll(/** @type {import('../../runner/client.js').RunRequest} */ request, from = client) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  /** @type {string[]} */
  const states = [];
  const run = from.run(request, {
    onStdout: (bytes) => void chunks.push(bytes),
    onState: (state) => void states.push(state),
  });
  const result = await run.done;
  return { result, states, stdout: Buffer.concat(chunks) };
}

for (const name of ['hello.v2', 'primes.v2', 'print_kinds.v3', 'array_oob.v3', 'ack.v1']) {
  test(`${name} gives its output, code and exit value`, async () => {
    const expected = expectationOf(name);
    const { result, stdout, states } = await runAll({ bytes: fixture(name), entry: expected.entry });
    assert.equal(result.code, expected.code, result.message);
    assert.equal(result.exitValue, expected.exit_value);
    assert.deepEqual(stdout, expected.stdout);
    assert.deepEqual(states, ['loading', 'running', 'ended']);
  });
}

test('a file that breaks a rule is listed and described all the same; one that is not whole is not', async () => {
  const refused = await client.open(malformed('dominance'));
  assert.ok(!refused.ok && refused.invalid, 'no listing');
  const { position } = refused.report;
  const { module, listing, lines } = refused.invalid;
  const line = textOf(listing).split('\n')[lines[position?.site ?? -1]];
  assert.equal(line.trim(), position?.text);
  assert.equal(module.functions[position?.functionIndex ?? -1].name, position?.function);
  const cut = await client.open(malformed('cut_half'));
  assert.ok(!cut.ok && cut.invalid === undefined);
});

test('open tells what is in a file', async () => {
  const opened = await client.open(fixture('fact.v1'));
  assert.ok(opened.ok);
  assert.equal(opened.kind, 'jsrs');
  assert.equal(opened.module.version, 1);
  const go = opened.module.functions.find((each) => each.name === expectationOf('fact.v1').entry);
  assert.ok(go?.entry);
  const lines = textOf(opened.listing).split('\n');
  assert.ok(lines[opened.lines[go.site]] !== undefined);
  assert.ok(opened.lines.length > 0);
});

test('open says of any other file what it is and what to do', async () => {
  const opened = await client.open(new TextEncoder().encode('fn main() { println!("hi"); }'));
  assert.ok(!opened.ok);
  assert.equal(opened.kind, 'rust');
  assert.equal(opened.report.code, 20);
  assert.match(opened.report.help, /JSRust/);
});

test('open gives the error of a damaged file', async () => {
  const opened = await client.open(fixture('fact.v1').slice(0, 60));
  assert.ok(!opened.ok);
  assert.equal(opened.report.code, 20);
  assert.equal(opened.report.kind, 'deserialize-error');
});

test('the texts can be had before, during and after a run', async () => {
  const bytes = fixture('fact.v1');
  const way = { entry: expectationOf('fact.v1').entry, level: /** @type {const} */ ('O0'), validate: true };
  const endless = client.run({ bytes: endlessLoop() });
  for (const which of /** @type {const} */ (['ir', 'optimised', 'bytecode'])) {
    const answer = await client.ask(bytes, { what: 'ir', which, ...way });
    assert.ok('text' in answer && answer.text.length > 20, which);
  }
  const answer = await client.ask(bytes, { what: 'ir', which: 'ir', ...way, entry: 'nothing' });
  assert.ok('report' in answer);
  assert.equal(answer.report.kind, 'execute-error');
  assert.match(answer.report.message, /^entry function not found/);
  endless.stop();
  await endless.done;
});

test('a traced run brings events and text along', async () => {
  const { result } = await runAll({
    bytes: fixture('fact.v1'),
    entry: expectationOf('fact.v1').entry,
    trace: { events: 1000, stopWhenFull: false, text: true },
  });
  assert.equal(result.code, 0);
  assert.ok(result.trace.events && result.trace.text);
  assert.equal(result.trace.events.length, result.trace.count * 16);
  assert.match(Buffer.from(result.trace.text).toString(), /^block \d+\ninst /);
});

/** Stops a run, and measures how long that takes. @param {import('../../runner/client.js').ClientRun} run */
async function stopping(run) {
  const from = performance.now();
  run.stop();
  const result = await run.done;
  assert.equal(result.code, 40);
  assert.equal(result.message, 'stopped');
  return { milliseconds: performance.now() - from, steps: result.stats.steps };
}

test('an endless loop stops within 100 ms, and tells how far it came', async () => {
  await takesLess(100, async () => {
    const run = client.run({ bytes: endlessLoop() });
    let steps = 0;
    const second = client.run({ bytes: endlessLoop() }, { onProgress: (progress) => void (steps = progress.steps) });
    await until(() => steps > 0);
    const stopped = [await stopping(run), await stopping(second)];
    assert.ok(stopped.every((each) => each.steps > 0));
    return Math.max(...stopped.map(({ milliseconds }) => milliseconds));
  });
});

test('an endless printer stops within 100 ms; its output is whole lines in order, and no more than the window waits', async () => {
  const width = 50;
  await takesLess(100, async () => {
    let bytes = 0;
    let underWay = 0;
    let most = 0;
    const run = client.run(
      { bytes: endlessPrinter(width) },
      {
        async onStdout(chunk) {
          for (let i = 0; i < chunk.length; i++) {
            const expected = (bytes + i) % width === width - 1 ? 10 : 120;
            if (chunk[i] !== expected) assert.fail(`byte ${bytes + i} is ${chunk[i]}`);
          }
          bytes += chunk.length;
          underWay += chunk.length;
          most = Math.max(most, underWay);
          await delay(1);
          underWay -= chunk.length;
        },
      },
    );
    await until(() => bytes > 5_000_000);
    const stopped = await stopping(run);
    assert.ok(most <= 1 << 20, `${most} bytes were under way`);
    return stopped.milliseconds;
  });
});

test('a consumer that takes nothing holds the program up, and can still stop it', async () => {
  await takesLess(100, async () => {
    let bytes = 0;
    let steps = -1;
    const run = client.run(
      { bytes: endlessPrinter() },
      {
        onStdout(chunk) {
          bytes += chunk.length;
          return new Promise(() => {});
        },
        onProgress: (progress) => void (steps = progress.steps),
      },
    );
    await until(() => bytes > 900_000);
    await rests(() => `${bytes} ${steps}`);
    assert.ok(bytes <= 1 << 20, `${bytes} bytes`);
    return (await stopping(run)).milliseconds;
  });
});

test('pause holds a run, resume goes on, and neither loses output', async () => {
  let bytes = 0;
  /** @type {string[]} */
  const states = [];
  const run = client.run(
    { bytes: endlessPrinter(), limits: { output: 20_000_000 } },
    { onStdout: (chunk) => void (bytes += chunk.length), onState: (state) => void states.push(state) },
  );
  await until(() => bytes > 0);
  run.pause();
  await until(() => states.includes('paused'));
  const then = bytes;
  await delay(50);
  assert.equal(bytes, then);
  run.resume();
  const result = await run.done;
  assert.equal(bytes, 20_000_000);
  assert.match(result.message, /^output limit reached/);
  assert.deepEqual(states, ['loading', 'running', 'paused', 'running', 'ended']);
});

test('step, output and time limits end a run with a sentence', async () => {
  const steps = await runAll({ bytes: endlessLoop(), limits: { steps: 100_000 } });
  assert.match(steps.result.message, /^step limit reached/);
  const output = await runAll({ bytes: endlessPrinter(), limits: { output: 1000 } });
  assert.equal(output.stdout.length, 1000);
  await takesLess(1000, async () => {
    const time = await runAll({ bytes: endlessLoop(), limits: { seconds: 0.1 } });
    assert.equal(time.result.message, 'time limit reached (0.1 s)');
    return time.result.stats.milliseconds;
  });
});

test('two runs at once do not see each other', async () => {
  const names = ['hello.v2', 'primes.v2', 'hello.v2', 'print_kinds.v3'];
  const all = await Promise.all(
    names.map((name) => runAll({ bytes: fixture(name), entry: expectationOf(name).entry })),
  );
  all.forEach(({ stdout }, i) => assert.deepEqual(stdout, expectationOf(names[i]).stdout));
});

test('a worker that dies is replaced: the run ends with a sentence, the next one works', async () => {
  /** @type {Worker[]} */
  const threads = [];
  /** @type {string[]} */
  const sentences = [];
  const own = createClient({
    spawn: () => spawnNodeWorker((thread) => void threads.push(thread)),
    onCrash: (sentence) => void sentences.push(sentence),
  });
  await own.ready;
  const run = own.run({ bytes: endlessLoop() });
  await delay(20);
  await threads[0].terminate();
  assert.equal((await run.done).code, 100);
  assert.equal(sentences.length, 1);
  const { stdout } = await runAll({ bytes: fixture('hello.v2'), entry: expectationOf('hello.v2').entry }, own);
  assert.deepEqual(stdout, expectationOf('hello.v2').stdout);
  assert.equal(threads.length, 2);
  own.close();
});

test('a backend that cannot be read is a sentence', async () => {
  const own = createClient({ spawn: spawnNodeWorker, backend: '/nowhere/backend.wasm' });
  await assert.rejects(own.ready, /nowhere/);
  const { result } = await runAll({ bytes: endlessLoop() }, own);
  assert.equal(result.code, 100);
  own.close();
});

test('200 runs leave no memory behind', { skip: !exists('backend/bin/jsrust-backend.wasm') }, async () => {
  const files = ['hello.v2', 'vec_grow.v2', 'fact.v1'].map((name) => ({ name, bytes: fixture(name) }));
  const round = async () => {
    for (let i = 0; i < 100; i++) {
      const { name, bytes } = files[i % files.length];
      await runAll({ bytes: bytes.slice(), entry: expectationOf(name).entry });
    }
  };
  await round();
  const then = process.memoryUsage().rss;
  await round();
  await round();
  const grown = process.memoryUsage().rss - then;
  assert.ok(grown < 64 * 2 ** 20, `${grown} bytes more`);
});
