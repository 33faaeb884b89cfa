// Timing and tables for the benchmarks. Times are milliseconds; the least of several runs is kept, because noise on
// a shared machine only ever adds.

/** Calls each function once per round, so that a slow moment of the machine hits all of them alike. */
export async function leastOfRounds(
  /** @type {Record<string, () => number | Promise<number>>} */ subjects,
  /** @type {number} */ rounds,
) {
  /** @type {Record<string, number>} */
  const least = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(subjects)) {
      least[name] = Math.min(least[name] ?? Infinity, await run());
    }
  }
  return least;
}

export function geometricMean(/** @type {number[]} */ values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** A number for people: three significant digits, or a dash where there is none. */
export function figure(/** @type {number | undefined} */ value, unit = '') {
  if (value === undefined || !Number.isFinite(value)) return '-';
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return `${text}${unit}`;
}

export function printTable(/** @type {string} */ title, /** @type {string[][]} */ rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  process.stdout.write(`\n${title}\n${rows.map(line).join('\n')}\n`);
}
