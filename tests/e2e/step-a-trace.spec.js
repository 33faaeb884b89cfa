// C3: recording, stepping both ways, jumping, filtering, current values, call stack, and the IR line of the step.
import assert from 'node:assert/strict';
import { countingCalls, endlessLoop } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, drop, e2e, e2eBelow, ended, named, openExample, phase, record, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const stepNumber = async (/** @type {Page} */ page) => {
  await drawn(page);
  return Number((await page.locator('#step-number').inputValue()).replaceAll(',', ''));
};
const currentLine = async (/** @type {Page} */ page) => {
  await drawn(page);
  return (await page.locator('#ir .current').textContent())?.trim() ?? '';
};
const stackNames = async (/** @type {Page} */ page) => {
  await drawn(page);
  return page.locator('#stack .row b').allTextContents();
};

e2e('the first step records; steps go forward and back', {}, async (page) => {
  await record(page);
  assert.equal(await stepNumber(page), 1);
  for (let i = 0; i < 5; i++) await page.keyboard.press('F10');
  assert.equal(await stepNumber(page), 6);
  await page.keyboard.press('F9');
  assert.equal(await stepNumber(page), 5);
  await page.keyboard.press('Control+Shift+F9');
  assert.equal(await stepNumber(page), 1);
  await page.keyboard.press('Control+Shift+F10');
  const total = Number((await page.locator('#step-total').innerText()).replaceAll(',', ''));
  assert.equal(await stepNumber(page), total);
});

e2e('a step is spelt out, its line marked, its value just set', {}, async (page) => {
  await record(page);
  let line = '';
  for (let i = 0; i < 200 && !/= rem /.test(line); i++) {
    await page.keyboard.press('F10');
    line = await currentLine(page);
  }
  const match = /; (\d+) % (\d+) = (\d+)$/.exec(line);
  assert.ok(match, line);
  assert.equal(Number(match[1]) % Number(match[2]), Number(match[3]));
  const fresh = await page.locator('#values .row', { hasText: 'just set' }).allTextContents();
  assert.equal(fresh.length, 1);
  assert.match(fresh[0], new RegExp(`i32${match[3]}just set$`));
  assert.deepEqual(await stackNames(page), ['is_prime', 'main']);
  assert.match(
    await page.locator('#stack .row').first().innerText(),
    new RegExp(`^is_prime\\(v\\d+ = ${match[1]}\\)$`),
  );
});

e2e('a number that is no step is answered with those that are', {}, async (page) => {
  await record(page);
  const field = page.locator('#step-number');
  const total = await page.locator('#step-total').innerText();
  await field.fill(' 1,0_00 ');
  await field.press('Enter');
  assert.equal(await stepNumber(page), 1000);
  assert.equal(await page.locator('#notice').innerText(), '');
  for (const wrong of ['0', '-1', '1.5', 'end', '', String(Number(total.replaceAll(',', '')) + 1)]) {
    await page.locator('#notice').evaluate((notice) => (notice.textContent = ''));
    await field.fill(wrong);
    await field.press('Enter');
    const sentence = await page.locator('#notice').innerText();
    assert.equal(sentence, `There is no such step: type a whole number from 1 to ${total}.`, wrong);
    assert.equal(await field.inputValue(), wrong);
  }
  await page.locator('#stack').focus();
  assert.equal(await stepNumber(page), 1000);
});

e2e('variables show what lies behind their address', {}, async (page) => {
  await record(page);
  for (let i = 0; i < 30; i++) await page.keyboard.press('F10');
  await drawn(page);
  const pointers = await page.locator('#values .row', { hasText: '→' }).allTextContents();
  assert.ok(pointers.length > 0 && pointers.every((text) => /ptr0x[\da-f]+→ \S+/.test(text)), pointers.join('\n'));
});

e2e('next call enters the next function; the stack leads to its callers', {}, async (page) => {
  await record(page);
  assert.deepEqual(await stackNames(page), ['main']);
  await page.keyboard.press('Control+F10');
  assert.deepEqual(await stackNames(page), ['is_prime', 'main']);
  const inside = await stepNumber(page);
  await page.locator('#stack .row').nth(1).click();
  await drawn(page);
  assert.match((await page.locator('#ir .selected').textContent()) ?? '', /call bool is_prime\(/);
  await page.keyboard.press('Control+F10');
  assert.ok((await stepNumber(page)) > inside);
  await page.keyboard.press('Control+F9');
  assert.equal(await stepNumber(page), inside);
});

e2e('the scrubber and the number field jump', {}, async (page) => {
  await record(page);
  await page.locator('#step-number').fill('100');
  await page.keyboard.press('Enter');
  assert.equal(await stepNumber(page), 100);
  await page.locator('#scrubber').fill('49');
  await page.locator('#scrubber').focus();
  assert.equal(await stepNumber(page), 50);
  await page.keyboard.press('ArrowRight');
  assert.equal(await stepNumber(page), 51);
});

e2e('the trace list shows every event, follows the step and filters by function', {}, async (page) => {
  await page.locator('#inspector-tabs [data-tab=trace]').click();
  await page.getByText('No steps are recorded yet').waitFor();
  await page.getByRole('button', { name: 'Record the run' }).click();
  await page.locator('#trace .row').first().waitFor();
  assert.match(await page.locator('#trace-summary').innerText(), /^[\d,]+ steps: the whole run/);
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowDown');
  const step = await stepNumber(page);
  const chosen = await page.locator('#trace [aria-selected=true]').innerText();
  assert.match(chosen, new RegExp(`^${step}\\b|^\\s*(?:enter|leave|block)`));
  await page.locator('#trace-filter').click();
  await page.getByRole('option', { name: 'is_prime', exact: true }).click();
  await page.locator('#trace-summary', { hasText: /of this function$/ }).waitFor();
  await drawn(page);
  assert.match((await page.locator('#trace .row').first().textContent()) ?? '', /enter is_prime\(2\)/);
  await page.locator('#trace .row', { hasText: 'mul i32' }).first().click();
  assert.deepEqual(await stackNames(page), ['is_prime', 'main']);
});

e2eBelow(50, 'a million events are recorded, listed and jumped through without holding the page', {}, async (page) => {
  await drop(page, 'calls.jsrbin', countingCalls(1_000_000));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=trace]').click();
  const longest = await longestTask(page, async () => {
    await openExample(page, 'fizz');
    await page.locator('.recent .program-open').first().click();
    await named(page, 'calls.jsrbin');
    await ended(page);
    await record(page);
    for (const share of [0.9, 0.2, 0.999, 0.5]) {
      await page.evaluate((share) => {
        const scrubber = /** @type {HTMLInputElement} */ (document.getElementById('scrubber'));
        scrubber.value = String(Math.floor(Number(scrubber.max) * share));
        scrubber.dispatchEvent(new Event('input'));
      }, share);
      await drawn(page);
    }
    await page.locator('#trace').evaluate((list) => (list.scrollTop = list.scrollHeight / 3));
    await drawn(page);
  });
  assert.match(await page.locator('#trace-summary').innerText(), /the first 1,000,000 events/);
  assert.ok((await page.locator('#trace .row').count()) < 100);
  await page.keyboard.press('Control+Shift+F10');
  await drawn(page);
  const last = await page.locator('#step-total').innerText();
  assert.equal(await page.locator('#trace [aria-selected=true] .at').innerText(), last);
  return longest;
});

/** Steps of a program without end, whose own run is paused. @param {import('playwright-core').Page} page */
async function recordPaused(page) {
  await drop(page, 'loops.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  await record(page);
}

e2e('a program that runs for ever can be stepped', {}, async (page) => {
  await recordPaused(page);
  await page.keyboard.press('F10');
  assert.equal(await stepNumber(page), 2);
  await waitForPhase(page, 'paused');
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e('a paused run stays paused while its program is stepped to the end', {}, async (page) => {
  await recordPaused(page);
  await page.locator('#notice', { hasText: 'a run of their own, from its first on' }).waitFor();
  await page.locator('#stepper [data-command=run-to-end]').click();
  await page.waitForFunction(() => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById('step-number'));
    return field.value === document.getElementById('step-total')?.textContent;
  });
  assert.equal(await phase(page), 'paused');
});

e2e('a recording belongs to its program', {}, async (page) => {
  await record(page);
  await openExample(page, 'fizz');
  await page.locator('#stepper').waitFor({ state: 'hidden' });
});
