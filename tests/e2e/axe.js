// What axe says of a page as it is now.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { drawn } from './harness.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page @param {string} what */
export async function findNothing(page, what) {
  await drawn(page);
  // Half a megabyte, which a page takes once.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // What it has nothing against is looked at, and not described.
      resultTypes: ['violations'],
    });
    return violations.map((/** @type {any} */ { id, nodes }) => ({
      id,
      nodes: nodes.map((/** @type {any} */ { html }) => html),
    }));
  });
  const faults = violations.map((/** @type {any} */ { id, nodes }) => `${what}: ${id}: ${nodes.join('\n')}`);
  assert.deepEqual(faults, []);
}
