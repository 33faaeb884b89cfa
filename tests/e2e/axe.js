// What axe says of a page as it is now.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { drawn } from './harness.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page @param {string} what */
export async function findNothing(page, what) {
  await drawn(page);
  const found = /** @type {any} */ (
    await page.evaluate(`(() => { ${axe}; return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }); })()`)
  );
  const faults = found.violations.map(
    (/** @type {any} */ violation) =>
      `${what}: ${violation.id}: ${violation.nodes.map((/** @type {any} */ node) => node.html).join('\n')}`,
  );
  assert.deepEqual(faults, []);
}
