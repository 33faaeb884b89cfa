// Random modules of the internal IR, 20,000 with fixed seeds: the interpreter and compiled code of every level for every
// adapter do the same and fail alike, at the same place; every module is valid for the engine and for wabt
// (fuzz/random-modules.mjs). RANDOM_MODULES_SEED and RANDOM_MODULES_COUNT try others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, runRandomModules } from '../fuzz/random-modules.mjs';

const FIRST = Number(process.env.RANDOM_MODULES_SEED ?? 1);
const COUNT = Number(process.env.RANDOM_MODULES_COUNT ?? 20_000);
const PAIRS = 16; // four levels by four ways of output

test('random modules: interpreted and compiled alike', async (t) => {
  const tally = await runRandomModules(FIRST, COUNT);
  t.diagnostic(describe(tally));
  assert.deepEqual(tally.failures, []);
  assert.ok(tally.seeds === COUNT && tally.limited < COUNT / 50, describe(tally));
  const [least] = Object.values(tally.pairs).sort((a, b) => a - b);
  assert.equal(Object.keys(tally.pairs).length, PAIRS);
  assert.ok(least > COUNT / 5, `the rarest pair came ${least} times`);
});
