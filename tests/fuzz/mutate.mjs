// `make test-mutate`: every prefix and COUNT (20,000) seeded mutations of each corpus file, on the sanitised build. A
// corpus file counts as one test.
import { describe, runMutations } from './mutations.mjs';

const tally = await runMutations(Number(process.env.SEED ?? 1), Number(process.env.COUNT ?? 20_000));
process.stdout.write(`${describe(tally)}\n${tally.failed.join('\n')}\n`);
process.stdout.write(`${tally.passed} passed, ${tally.failed.length} failed\n`);
process.exitCode = tally.failed.length > 0 ? 1 : 0;
