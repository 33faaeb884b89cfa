// Loading: megabytes decoded and validated a second in V8, over file sizes and shapes, and whether a call costs more in
// a large module than in a small one.
import { instantiate } from './backend.mjs';
import { figure, printTable } from './measure.mjs';
import { syntheticFile } from './synthetic.mjs';

const MB = 1_000_000;
const CALLS = 1_000_000;

export function benchLoading() {
  const rows = [['file', 'MB/s', 'load ms', 'start ms', 'run ms', 'memory / file']];
  for (const [shape, blocks] of /** @type {[string, number][]} */ ([
    ['small functions', 3],
    ['one large function', 1e9],
  ])) {
    for (const size of [MB, 10 * MB, 100 * MB]) {
      const file = syntheticFile({ size, blocks, calls: CALLS });
      const name = `${size / MB} MB, ${shape}`;
      try {
        const backend = instantiate();
        if (size < 100 * MB) backend.load(file); // V8's fast code for the second
        const load = backend.load(file);
        const start = backend.start();
        const { milliseconds } = backend.finish();
        rows.push([
          name,
          figure(file.length / 1000 / load),
          ...[load, start, milliseconds].map((time) => figure(time)),
          figure(backend.memory() / file.length),
        ]);
      } catch (error) {
        rows.push([name, `failed: ${/** @type {Error} */ (error).message}`]);
      }
    }
  }
  printTable('Loading (aims: >= 50 MB/s, linear; the run makes the same million calls in every file)', rows);
}
