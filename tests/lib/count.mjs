// Turns the output of one test command into counts and the text of its failures.

/**
 * @typedef {{ passed: number, failed: number, failures: string }} Counts
 * @typedef {(status: number, text: string) => Counts} Counter
 */

const TAIL = 6000; // characters of a failing command's output that are shown; the rest is in its log

/** A command that passes or fails as one. @type {Counter} */
export function countPlain(status, text) {
  return status === 0
    ? { passed: 1, failed: 0, failures: '' }
    : { passed: 0, failed: 1, failures: text.slice(-TAIL) || `exit status ${status}` };
}

/** Programs that each print `N passed, N failed`; one that dies before that is one failure. @type {Counter} */
export function countChecks(status, text) {
  let passed = 0;
  let failed = 0;
  for (const [, ok, bad] of text.matchAll(/^(\d+) passed, (\d+) failed$/gm)) {
    passed += Number(ok);
    failed += Number(bad);
  }
  if (status !== 0 && failed === 0) failed = 1;
  return { passed, failed, failures: failed > 0 ? text.slice(-TAIL) : '' };
}

/** Python's unittest. @type {Counter} */
export function countPython(status, text) {
  const ran = Number(/^Ran (\d+) tests? in/m.exec(text)?.[1] ?? 0);
  const bad = /^FAILED \((.*)\)$/m.exec(text)?.[1] ?? '';
  let failed = 0;
  for (const [, count] of bad.matchAll(/(?:failures|errors|unexpected successes)=(\d+)/g)) failed += Number(count);
  if (status !== 0 && failed === 0) failed = 1;
  return { passed: Math.max(0, ran - failed), failed, failures: failed > 0 ? text.slice(-TAIL) : '' };
}

/** node:test's TAP. Shows what failed with its diagnostics, without the suites around it. @type {Counter} */
export function countTap(status, text) {
  const number = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  let failed = number('fail') + number('cancelled');
  if (status !== 0 && failed === 0) failed = 1;
  const failures = failed > 0 ? tapFailures(text) || text.slice(-TAIL) : '';
  return { passed: number('pass'), failed, failures };
}

/** The `not ok` lines of leaf tests, each with its indented diagnostics up to the end of its block. */
function tapFailures(/** @type {string} */ text) {
  /** @type {string[]} */
  const shown = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const match = /^(\s*)not ok \d+ - (.*)$/.exec(lines[i]);
    if (!match) continue;
    const end = lines.findIndex((line, at) => at > i && line === `${match[1]}  ...`);
    const block = lines.slice(i + 1, end < 0 ? i + 1 : end);
    if (block.some((line) => /failureType: 'subtestsFailed'/.test(line))) continue;
    const noise =
      /^\s*(---|\.\.\.|duration_ms:.*|type:.*|failureType:.*|code: 'ERR_.*|name: 'AssertionError'|operator:.*|.*\(node:internal.*)$/;
    shown.push(`not ok: ${match[2]}`, ...block.filter((line) => !noise.test(line)).slice(0, 40));
  }
  return shown.join('\n').slice(0, TAIL * 4);
}
