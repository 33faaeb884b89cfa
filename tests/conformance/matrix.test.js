// Every file of the corpus in every mode: same bytes, same exit value, same code (issue part D3; spec sections 12 to 18).
// The page as a mode is in page.test.js, since it needs a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badCases, goodCases } from './cases.mjs';
import { modes } from './modes.mjs';

/** What a text trace holds by default (OPTION_TRACE_TEXT); one that has no room says so in a last line of its own. */
const TRACE_BYTES = 16 << 20;

const good = goodCases();
const bad = badCases();

for (const [name, run] of Object.entries(modes)) {
  for (const item of good) {
    test(`${name}: ${item.name}`, async () => {
      const { code, exitValue, stdout, message, trace } = await run(item);
      assert.equal(code, item.code, message);
      assert.equal(exitValue, item.exitValue);
      assert.equal(stdout.toString('utf8'), item.stdout.toString('utf8'));
      assert.deepEqual(stdout, item.stdout);
      assert.match(message, item.code === 0 ? /^ok$/ : /^[^\n]+$/);
      // Own programs may be refused before they run.
      if (name.endsWith('traced') && !(trace === '' && item.name.startsWith('own-'))) assertIsTrace(trace ?? '');
    });
  }

  for (const item of bad) {
    test(`${name}: malformed ${item.name}`, async () => {
      const { code, exitValue, stdout, message, trace } = await run(item);
      assert.ok(item.accept.includes(code), `code ${code} is not among ${item.accept}: ${message}`);
      assert.equal(exitValue, null);
      assert.equal(stdout.length, 0);
      assert.match(message, /^[^\n]+$/);
      // What was never run has no trace.
      if (code < 40) assert.equal(trace ?? '', '');
    });
  }
}

for (const item of good) {
  test(`equal traces: ${item.name}`, async () => {
    const [native, contract, library] = await Promise.all([
      modes['native traced'](item),
      modes['contract traced'](item),
      modes['library traced'](item),
    ]);
    assert.ok(native.trace === contract.trace, firstDifference(native.trace, contract.trace));
    assert.ok(library.trace === contract.trace, firstDifference(library.trace, contract.trace));
  });
}

/** Section 16: one event on each line, and never an empty text. */
function assertIsTrace(/** @type {string} */ trace) {
  const lines = trace.split('\n');
  assert.equal(lines.pop(), '');
  if (trace.length > TRACE_BYTES) assert.equal(lines.pop(), `trace limit reached (${TRACE_BYTES} bytes)`);
  assert.match(lines[0] ?? '', /^block \d+$/);
  const odd = lines.find((line) => !/^(?:block \d+|inst \d+(?: -> v\d+)?)$/.test(line));
  assert.equal(odd, undefined);
}

/** Traces run to megabytes: the line where they part says enough. */
function firstDifference(/** @type {string | null} */ a, /** @type {string | null} */ b) {
  const [left, right] = [(a ?? '').split('\n'), (b ?? '').split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `line ${at + 1}: ${left[at]} | ${right[at]} (${left.length} and ${right.length} lines)`;
}
