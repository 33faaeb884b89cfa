// Every file of the corpus compiled, at each level, in the library: same bytes, exit, trap and place as interpreted
// (issue 5). Standalone runtimes are in compiled-wasi.test.js, the page in page.test.js.
import { before, test } from 'node:test';
import { run } from '../../runner/index.js';
import { cores } from '../fuzz/mutations.mjs';
import { LEVELS, checkCompiled, endedOf, inTurns, interpretedCases } from './compiled-cases.mjs';

/** @type {Awaited<ReturnType<typeof interpretedCases>>} */
let cases;
before(async () => void (cases = await interpretedCases()));

for (const level of LEVELS) {
  test(`compiled at ${level}: the corpus`, async (t) => {
    await inTurns(cases, cores, async ({ item, wanted }) => {
      const result = await run({ bytes: item.bytes, entry: item.entry, mode: 'compiled', level });
      await t.test(item.name, () => checkCompiled(endedOf(result), wanted));
    });
  });
}
