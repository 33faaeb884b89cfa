// Times, measured on a machine that does other things too.

const MOST_ROUNDS = 3;

/**
 * The least of a few measurements: what else the machine does only adds to each.
 * @param {(round: number) => number | Promise<number>} measure
 * @param {number} enough what is less than this is not measured again
 */
export async function leastOf(measure, enough) {
  let least = Infinity;
  for (let round = 0; round < MOST_ROUNDS && least >= enough; round++) least = Math.min(least, await measure(round));
  return least;
}

/** Milliseconds of this process's own time that some work takes. @param {() => void} work */
export function ownTime(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
