// Random modules of the internal IR with fixed seeds, 20,000 and a few more for those that do not end: the interpreter and
// compiled code of every level for every adapter do the same and fail alike, at the same place; every module is valid for
// the engine and for wabt (fuzz/random-modules.mjs). RANDOM_MODULES_SEED and RANDOM_MODULES_COUNT try others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, runRandomModules } from '../fuzz/random-modules.mjs';

const FIRST = Number(process.env.RANDOM_MODULES_SEED ?? 1);
const COUNT = Number(process.env.RANDOM_MODULES_COUNT ?? 20_050);
// What these showed once: frames laid out before irreducible cycles took slots (149), an edge that computed what nobody
// uses (100236, 103432), arguments of a call over a value that waited for another (1071946), indices that were not looked
// at again after their row was freed (10045993, 10165784), the sign of a NaN in memory that was read as a number (20079781).
const SHOWN_ONCE = [149, 100_236, 103_432, 1_071_946, 10_045_993, 10_165_784, 20_079_781];
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

for (const seed of SHOWN_ONCE) {
  test(`random module ${seed}, every level with every adapter`, async () => {
    const tally = await runRandomModules(seed, 1, { all: true, processes: 1 });
    assert.deepEqual(tally.failures, []);
    assert.equal(tally.modules, PAIRS);
  });
}
