// C4: axe finds nothing, in light and dark, wide and on a phone, while stepping, failing and in every dialog.
import assert from 'node:assert/strict';
import { drawn, e2e, ended, openDialog, openExample, openOptions, record, waitForPhase } from './harness.js';
import { findNothing } from './axe.js';

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const size of /** @type {const} */ (['wide', 'phone'])) {
    e2e(`axe finds nothing, ${scheme}, ${size}`, { scheme, size }, async (page) => {
      await findNothing(page, 'finished');
      const step = page.locator('[data-command=step]:visible').first();
      await step.click();
      await page.locator('#stepper').waitFor();
      await findNothing(page, 'stepping');
      const tabs = size === 'phone' ? '#phone-tabs' : '#inspector-tabs';
      for (const tab of ['trace', 'module']) {
        await page.locator(`${tabs} [data-tab=${tab}]`).click();
        await page.locator(`#${tab} .row`).first().waitFor();
        await findNothing(page, tab);
      }
      await openOptions(page);
      await findNothing(page, 'options');
      await page.keyboard.press('Escape');
      await openDialog(page, 'Control+/', 'Keyboard shortcuts');
      await findNothing(page, 'shortcuts');
      await page.keyboard.press('Escape');
      if (size === 'wide') {
        await page.keyboard.press('Control+Shift+E');
        await page.getByRole('listbox', { name: 'Entry' }).waitFor();
        await findNothing(page, 'picker');
      }
      if (size === 'phone') {
        await page.locator('#show-programs').click();
        await page.getByRole('dialog', { name: 'Programs' }).waitFor();
        await findNothing(page, 'programs');
      }
    });
  }
}

e2e('axe finds nothing after a failure', { query: '?example=array_oob' }, async (page) => {
  await findNothing(page, 'failed');
});

e2e('in high contrast what can be pressed is painted as such', {}, async (page) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.reload();
  await ended(page);
  const pictures = async () => {
    const taken = [];
    for (const tool of await page.locator('.pane-tools .quiet:visible, .panel-tools :is(.quiet, select):visible').all())
      taken.push((await tool.screenshot()).toString('base64'));
    return taken;
  };
  const painted = await pictures();
  assert.ok(painted.length >= 6);
  await page.evaluate(() => {
    for (const hidden of [true, false]) {
      document.body.hidden = hidden;
      document.body.getBoundingClientRect();
    }
  });
  await drawn(page);
  assert.deepEqual(await pictures(), painted, 'as when all is painted anew');
});

e2e('the end of a run is announced politely, once', {}, async (page) => {
  const announcer = page.locator('#announcer');
  assert.equal(await announcer.getAttribute('role'), 'status');
  assert.match(await announcer.innerText(), /^Finished: ok.*\d+ lines? of output\.$/);
  // The same end is said again after another run.
  const said = page.evaluate(
    () =>
      new Promise((resolve) => {
        const announcer = /** @type {Element} */ (document.getElementById('announcer'));
        /** @type {string[]} */
        const texts = [];
        new MutationObserver(() => {
          texts.push(announcer.textContent ?? '');
          if (texts.at(-1)?.startsWith('Finished')) resolve(texts);
        }).observe(announcer, { childList: true, characterData: true, subtree: true });
      }),
  );
  await page.keyboard.press('Control+Enter');
  assert.match(String(await said), /Finished: ok/);
  await openExample(page, 'div_overflow');
  await waitForPhase(page, 'failed');
  assert.match(await announcer.innerText(), /^Failed: attempt to divide with overflow/);
});

e2e('a button that comes to life never has its text on a colour in between', {}, async (page) => {
  await page.evaluate(() => {
    const faded = new Set();
    document.addEventListener('transitionrun', ({ propertyName }) => faded.add(propertyName));
    Object.assign(globalThis, { faded });
  });
  await record(page);
  await page.keyboard.press('Control+Enter');
  await ended(page);
  await drawn(page);
  const faded = await page.evaluate(() => [.../** @type {any} */ (globalThis).faded]);
  assert.ok(faded.includes('border-top-color'), `fades are seen: ${faded}`);
  assert.deepEqual(
    faded.filter((name) => /^(background-)?color$/.test(name)),
    [],
  );
});

e2e('nothing moves for those who ask for no motion, and high contrast keeps borders', {}, async (page) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const motion = await page
    .locator('[data-command=run]')
    .first()
    .evaluate((element) => getComputedStyle(element).transitionDuration);
  assert.match(motion, /^0s(, 0s)*$/);
  await page.emulateMedia({ forcedColors: 'active' });
  const border = await page
    .locator('[data-command=wrap]')
    .evaluate((element) => getComputedStyle(element).borderTopWidth);
  assert.equal(border, '1px');
  const state = await page.locator('.state').boundingBox();
  assert.ok(state);
  const [dot, ground] = [0, -10].map((aside) =>
    page.screenshot({ clip: { x: state.x + aside, y: state.y, width: 9, height: state.height } }),
  );
  assert.notDeepEqual(await dot, await ground, 'the dot of the status');
  await record(page);
  const [line, other] = await page.evaluate(() =>
    ['.current', '.row:not(.current)'].map(
      (row) => getComputedStyle(/** @type {Element} */ (document.querySelector(`#ir ${row}`))).backgroundColor,
    ),
  );
  assert.notEqual(line, other, 'the current line');
});
