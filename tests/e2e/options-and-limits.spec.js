// C2: limits of steps, memory, output and time; what they say when they end a run; that they are remembered and refused.
import assert from 'node:assert/strict';
import { assemble, br, endlessLoop, endlessPrinter } from '../lib/jsrs-writer.js';
import { drop, e2e, ended, openOptions, resultText } from './harness.js';

/** @param {import('playwright-core').Page} page @param {Record<string, string>} values */
async function setOptions(page, values) {
  await openOptions(page);
  for (const [name, value] of Object.entries(values)) await page.locator(`#option-${name}`).fill(value);
  await page.getByRole('button', { name: 'Apply and run' }).click();
}

e2e('the step limit ends a run and says so', {}, async (page) => {
  await setOptions(page, { steps: '10,000' });
  await drop(page, 'loop.jsrbin', endlessLoop());
  await ended(page);
  assert.match(await resultText(page), /Stopped after 10,000 steps \(the limit\)\. Raise it under Options/);
  await page.reload();
  await ended(page);
  assert.match(await resultText(page), /Stopped after 10,000 steps/, 'the limit is remembered');
  // A loop of nothing but a branch is ended by its turns, though it takes no steps.
  const nothing = assemble({ functions: [{ name: 'main', blocks: [{ id: 0, end: br(0) }] }], literals: [] });
  await drop(page, 'nothing.jsrbin', nothing);
  await ended(page);
  assert.match(await resultText(page), /Stopped after 10,000 steps/);
});

e2e('the output limit ends a run and keeps the output', {}, async (page) => {
  await setOptions(page, { output: '1' });
  await drop(page, 'print.jsrbin', endlessPrinter());
  await ended(page);
  assert.match(await resultText(page), /Stopped after 1 MB of output \(the limit\)/);
  assert.ok((await page.locator('#output .row').count()) > 10);
});

e2e('the time limit ends a run', {}, async (page) => {
  await setOptions(page, { seconds: '0.3' });
  await drop(page, 'loop.jsrbin', endlessLoop());
  await ended(page);
  assert.match(await resultText(page), /Stopped after 300 ms \(the limit\)/);
});

e2e('wrong values are refused where they stand', {}, async (page) => {
  await openOptions(page);
  await page.locator('#option-steps').fill('many');
  await page.locator('#option-memory').fill('0.0001');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  assert.match(await page.locator('#fault-steps').innerText(), /whole number/);
  assert.match(await page.locator('#fault-memory').innerText(), /from 0\.001 up/);
  assert.equal(await page.locator('#option-steps').getAttribute('aria-invalid'), 'true');
  assert.ok(await page.locator('#option-steps').evaluate((element) => element === document.activeElement));
  await page.getByRole('button', { name: 'Defaults' }).click();
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  assert.match(await resultText(page), /^ok/);
});
