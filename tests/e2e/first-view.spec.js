// What a slow connection shows before the page's script has come, and a browser that runs none: the page with its controls
// named and disabled, and a word that says why. What comes later moves nothing.
import assert from 'node:assert/strict';
import { SIZES, e2e, ended } from './harness.js';

/** Buttons in view that stand for a choice of what there is to see. */
const CONTROLS = ['Share', 'Options', 'Step', 'Stop', 'Run', 'Find', 'Wrap', 'Copy', 'Save'];

/** Where things are that must not move. @param {import('playwright-core').Page} page */
const places = (page) =>
  page.evaluate(() =>
    ['.top', '#output-pane', '#output', '#result', '#inspector', '[data-command=stop]', '[data-command=run]'].map(
      (selector) => {
        const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        return [selector, ...[x, y, width, height].map(Math.round)].join(' ');
      },
    ),
  );

for (const size of /** @type {const} */ (['phone', 'middle', 'wide'])) {
  e2e(`before its script has come the page looks like the page: ${size}`, {}, async (opened) => {
    const context = await opened.context().browser()?.newContext({ viewport: SIZES[size] });
    assert.ok(context);
    const page = await context.newPage();
    /** @type {() => void} */
    let send = () => {};
    const held = new Promise((/** @type {(value: void) => void} */ resolve) => (send = () => resolve()));
    await page.route(/\/main-/, (route) => held.then(() => route.continue()));
    await page.goto(opened.url(), { waitUntil: 'commit' });
    // Its style is there.
    await page.waitForFunction(() => document.body && getComputedStyle(document.body).display === 'grid');
    await page.getByText('Loading…').waitFor();
    const controls = await page
      .locator('.button, .quiet')
      .filter({ visible: true })
      .evaluateAll((all) =>
        all.map((button) => ({
          name: button.textContent?.trim() || button.getAttribute('aria-label'),
          isDisabled: button.matches(':disabled'),
        })),
      );
    const odd = controls.filter(({ name, isDisabled }) => !name || !isDisabled);
    assert.deepEqual(odd, []);
    const absent = CONTROLS.filter((name) => !controls.some((shown) => shown.name === name));
    assert.deepEqual(absent, size === 'phone' ? ['Share', 'Options'] : []);
    const before = await places(page);
    send();
    await ended(page);
    assert.deepEqual(await places(page), before);
    assert.equal(await page.getByText('Loading…').isVisible(), false);
    assert.ok(await page.locator('[data-command=run]').isEnabled());
    await context.close();
  });
}

e2e('a script that does not come is said to be missing', {}, async (opened) => {
  const context = await opened.context().browser()?.newContext({ serviceWorkers: 'block' });
  assert.ok(context);
  const page = await context.newPage();
  await page.route(/\/main-/, (route) => route.abort());
  await page.goto(opened.url(), { waitUntil: 'commit' });
  await page.getByText('A part of the page could not be loaded.').waitFor();
  await context.close();
});

e2e('without scripts the page says what it needs', {}, async (opened) => {
  const context = await opened.context().browser()?.newContext({ javaScriptEnabled: false });
  assert.ok(context);
  const page = await context.newPage();
  await page.goto(opened.url());
  assert.ok(await page.locator('.noscript').isVisible());
  assert.equal(await page.getByText('Loading…').isVisible(), false);
  await context.close();
});
