// A test's page of its own: what goes wrong in it fails the test, and a test that fails leaves a picture in tests/out/e2e.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/files.mjs';

const PICTURES = join(project, 'tests/out/e2e');
const PATIENCE_MS = 60_000;
/** What Firefox says of a worker that was ended while it computed. */
const ENDED_WORKER = 'uncaught exception: undefined';

/**
 * @template Result
 * @param {import('playwright-core').BrowserContext} context is closed at the end
 * @param {string} title of the test
 * @param {(page: import('playwright-core').Page, faults: string[]) => Promise<Result>} visit may note more faults
 */
export async function inOwnPage(context, title, visit) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  /** @type {string[]} */
  const faults = [];
  const engine = context.browser()?.browserType().name();
  page.on('pageerror', (error) => {
    const text = error.stack ?? error.message;
    if (engine !== 'firefox' || !text.startsWith(ENDED_WORKER)) faults.push(text);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  try {
    const result = await visit(page, faults);
    assert.deepEqual(faults, []);
    return result;
  } catch (error) {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${title.replace(/[^\w]+/g, '-')}.png`) }).catch(() => {});
    throw error;
  } finally {
    // The page may be fetching something by a route of the test's.
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}
