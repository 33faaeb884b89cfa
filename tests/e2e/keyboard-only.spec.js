// C4: everything by keyboard: the shortcuts, the order of Tab, tabs, splitters, dialogs that give focus back.
import assert from 'node:assert/strict';
import { endlessLoop } from '../lib/jsrs-writer.js';
import { SIZES, drawn, drop, e2e, ended, fixture, named, openDialog, record, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */
const focused = (/** @type {Page} */ page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.id || element?.getAttribute('data-command') || element?.textContent || '';
  });

e2e('Tab reaches every part in the order of the page', {}, async (page) => {
  /** @type {string[]} */
  const met = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    met.push(await focused(page));
  }
  const wanted = [
    'entry',
    'options',
    'theme',
    'help',
    'step',
    'run',
    'paste',
    'open',
    'search',
    'output',
    'split-inspector',
    'ir-view',
    'ir',
  ];
  const places = wanted.map((id) => met.indexOf(id));
  assert.ok(
    places.every((place, index) => place >= 0 && (index === 0 || place > places[index - 1])),
    met.join(' '),
  );
});

e2e('focus is visible wherever Tab goes', {}, async (page) => {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(/** @type {Element} */ (document.activeElement));
      return `${style.outlineStyle} ${style.outlineWidth}`;
    });
    assert.equal(outline, 'solid 2px', await focused(page));
  }
});

e2e('the shortcuts are shown and work', {}, async (page) => {
  const dialog = await openDialog(page, 'Control+/', 'Keyboard shortcuts');
  const text = await dialog.innerText();
  for (const keys of [
    'Ctrl+Enter',
    'Ctrl+.',
    'F8',
    'F9',
    'F10',
    'Ctrl+F10',
    'Ctrl+Shift+F10',
    'Ctrl+,',
    'Ctrl+Shift+E',
  ])
    assert.ok(text.includes(keys), keys);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+Enter');
  await waitForPhase(page, 'finished');
  await page.keyboard.press('Control+Shift+5');
  assert.equal(await focused(page), 'module');
  await page.keyboard.press('Control+Shift+4');
  await page.getByText('No steps are recorded yet').waitFor();
  await page.keyboard.press('Control+Shift+3');
  assert.equal(await focused(page), 'ir');
  await page.keyboard.press('Control+Shift+2');
  assert.equal(await focused(page), 'output');
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('listbox', { name: 'Entry' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'entry');
});

e2e('a dialog gives focus back to what opened it', {}, async (page) => {
  await page.locator('#settings [data-command=options]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Options' }).waitFor();
  assert.equal(await focused(page), 'option-steps');
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'options');
});

e2e('tabs and splitters take arrows, Home and End', {}, async (page) => {
  await page.locator('#inspector-tabs [data-tab=ir]').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#inspector-tabs [data-tab=trace]').getAttribute('aria-selected'), 'true');
  await page.keyboard.press('End');
  assert.equal(await page.locator('#inspector-tabs [data-tab=compiled]').getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Home');
  const width = async () => {
    await drawn(page);
    return (await page.locator('#inspector').boundingBox())?.width ?? 0;
  };
  const before = await width();
  await page.locator('#split-inspector').focus();
  await page.keyboard.press('ArrowLeft');
  assert.ok((await width()) > before);
  await page.keyboard.press('Home');
  assert.equal(await width(), 300);
  assert.equal(await page.locator('#split-inspector').getAttribute('aria-valuenow'), '300');
  await page.keyboard.press('Enter');
  assert.equal(await width(), before);
});

e2e('a program is chosen, run and stepped without a mouse', {}, async (page) => {
  await page.keyboard.press('Control+Shift+1');
  await page.locator('[data-key="example:primes"]').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await named(page, 'FizzBuzz');
  await ended(page);
  await record(page);
  await page.locator('#values').waitFor();
});

/** Presses a control by keyboard; says where the focus is when what it does is done. @param {Page} page @param {import('playwright-core').Locator} control @param {() => Promise<unknown>} done */
async function pressed(page, control, done) {
  await control.focus();
  await page.keyboard.press('Enter');
  await done();
  await drawn(page);
  return focused(page);
}

e2e('a control that goes, or becomes useless, gives the focus on', { query: '?example=words' }, async (page) => {
  const tab = (/** @type {string} */ name) => page.locator(`#inspector-tabs [data-tab=${name}]`).click();
  await tab('files');
  await page.locator('#files .row', { hasText: 'report.txt' }).waitFor();
  await pressed(page, page.locator('#files-keep'), () => page.locator('#files-keep').waitFor({ state: 'hidden' }));
  await page.locator('#files .row', { hasText: 'report.txt' }).click();
  const gone = () => page.locator('#file-remove').waitFor({ state: 'hidden' });
  assert.equal(await pressed(page, page.locator('#file-remove'), gone), 'files');
  await tab('exports');
  const ready = () => page.locator('#exports-renew:enabled').waitFor();
  await ready();
  assert.equal(await pressed(page, page.locator('#exports-renew'), ready), 'exports');
  await openDialog(page, 'Control+,', 'Options');
  await page.locator('#option-trace').uncheck();
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  await tab('calls');
  const called = () => page.locator('#calls .row').first().waitFor();
  assert.equal(await pressed(page, page.locator('#calls-on'), called), 'calls');
});

e2e('so do those of a compiled program', {}, async (page) => {
  await page.locator('#inspector-tabs [data-tab=passes]').click();
  await page.locator('#pass-what', { hasText: /instructions/ }).waitFor();
  await page.locator('#pass').press('End');
  await page.locator('#pass').press('ArrowLeft');
  const on = page.getByRole('button', { name: 'One pass on' });
  assert.equal(
    await pressed(page, on, () => page.locator('#pass-what', { hasText: /instructions/ }).waitFor()),
    'pass',
  );
  await page.locator('#inspector-tabs [data-tab=compiled]').click();
  await page.getByRole('tab', { name: 'Figures' }).click();
  await pressed(page, page.getByRole('button', { name: 'Run it compiled' }), () =>
    page.locator('.comparison', { hasText: /./ }).waitFor(),
  );
  assert.ok(await page.locator('.figures').evaluate((figures) => figures === document.activeElement));
});

e2e('what another mode, program or pane has no use for gives the focus on', {}, async (page) => {
  /** Whether what has the focus is there. */
  const isHeld = async () => {
    await drawn(page);
    return page.evaluate(() => document.activeElement !== document.body && document.activeElement?.checkVisibility());
  };
  await page.locator('#entry').focus();
  await drop(page, 'math.wasm', await fixture('wasm/math.wasm'));
  await waitForPhase(page, 'ready');
  assert.ok(await isHeld(), 'entries are of JSRS programs');
  await page.locator('#inspector-tabs [data-tab=exports]').click();
  await drop(page, 'primes.jsrbin', await fixture('jsrs/primes.v3.jsrbin'));
  await ended(page);
  assert.ok(await isHeld(), 'so exports are of modules');
  await drop(page, 'loop.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.locator('.controls [data-command=pause]').focus();
  await page.keyboard.press('Alt+M');
  assert.ok(await isHeld(), 'compiled code cannot be paused');
  await page.keyboard.press('Control+.');
  await page.setViewportSize(SIZES.phone);
  await page.locator('#output').focus();
  await page.keyboard.press('Control+Shift+3');
  assert.ok(await isHeld(), 'one pane is there at a time');
});
