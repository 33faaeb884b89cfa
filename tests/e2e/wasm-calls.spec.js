// Calls of imports: as they came, filtered, summed up, looked at one by one, and as a file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { drawn, e2e, ended, fixture, pick } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page */
async function openWords(page) {
  await pick(page, 'words.wasm', await fixture('wasi/words.wasm'));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=calls]').click();
  await page.locator('#calls .row').first().waitFor();
}

/** Once as many rows are there as wanted. @param {Page} page @param {RegExp} summary */
async function summed(page, summary) {
  await page.waitForFunction(
    (wanted) => new RegExp(wanted).test(document.getElementById('calls-summary')?.textContent ?? ''),
    summary.source,
  );
  await drawn(page);
  return page.locator('#calls .row').allTextContents();
}

e2e('calls stand with number, time, arguments and result', {}, async (page) => {
  await openWords(page);
  await page.locator('#calls .row', { hasText: 'proc_exit' }).waitFor();
  const rows = await summed(page, /^\d+ calls$/);
  assert.match(rows[0], /^1[\d.]+ ms.*args_sizes_get\(.*\) ?= SUCCESS$/);
  assert.match(rows[rows.length - 1], /proc_exit\(.*0\)ends the run: exit 0$/);
});

e2e('a filter finds text, a choice one import, and both together', {}, async (page) => {
  await openWords(page);
  await page.locator('#calls-filter').fill('EBADF');
  const bad = await summed(page, /^[1-9]\d* shown, of \d+ calls$/);
  assert.ok(bad.length > 0 && bad.every((row) => /EBADF/.test(row)));
  await page.locator('#calls-filter').fill('');
  await page.locator('#calls-import').click();
  await page.keyboard.type('fd_write');
  await page.keyboard.press('Enter');
  const writes = await summed(page, /^2 shown, of/);
  assert.ok(writes.every((row) => /fd_write/.test(row)));
  await page.locator('#calls-filter').fill('no such text');
  assert.deepEqual(await summed(page, /^0 shown, of/), []);
});

e2e('arrows move through the calls, and the chosen one is spelt out', {}, async (page) => {
  await openWords(page);
  await page.locator('#calls .row', { hasText: 'proc_exit' }).waitFor();
  await page.locator('#calls').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const details = page.locator('#call-details');
  await details.filter({ hasText: /wasi_snapshot_preview1\.args_get call 2, at .* took/ }).waitFor();
  await page.keyboard.press('End');
  await details.filter({ hasText: 'proc_exit' }).waitFor();
  assert.match(await details.innerText(), /proc_exit[^]*rval\s+0[^]*ended the run\s+exit 0/);
  const active = await page.locator('#calls').getAttribute('aria-activedescendant');
  await page.locator(`#${active}[aria-selected=true]`).waitFor();
});

e2e('totals by import lead to their calls', {}, async (page) => {
  await openWords(page);
  await page.locator('#calls-totals').click();
  const row = page.getByRole('row', { name: /^fd_write 2 / });
  await row.getByRole('button').click();
  assert.equal((await summed(page, /^2 shown, of/)).length, 2);
});

e2e('calls are saved as JSON lines', {}, async (page) => {
  await openWords(page);
  const rows = await summed(page, /^\d+ calls$/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#calls-export').click()]);
  assert.equal(download.suggestedFilename(), 'words.calls.jsonl');
  const text = await readFile(await download.path(), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, Number((await page.locator('#calls-summary').innerText()).split(' ')[0]));
  assert.deepEqual([lines[0].n, lines[0].call], [1, 'wasi_snapshot_preview1.args_sizes_get']);
  assert.ok(rows.length > 0);
  await page.locator('#calls-filter').fill('fd_write');
  await summed(page, /^2 shown, of/);
  const [shown] = await Promise.all([page.waitForEvent('download'), page.locator('#calls-export').click()]);
  const two = (await readFile(await shown.path(), 'utf8')).trimEnd().split('\n');
  assert.deepEqual(
    two.map((line) => JSON.parse(line).call.split('.')[1]),
    ['fd_write', 'fd_write'],
    'what is shown',
  );
  await page.locator('#notice', { hasText: /^Saved 2 calls that are shown \(/ }).waitFor();
});

e2e('a million calls: the first hundred thousand are kept, the others counted', {}, async (page) => {
  await pick(page, 'busy_poll.wasm', await fixture('hostile/busy_poll.wasm'));
  await page.locator('#inspector-tabs [data-tab=calls]').click();
  await page.locator('#calls .row').first().waitFor();
  await page.keyboard.press('Control+.');
  await ended(page);
  const summary = page.locator('#calls-summary', { hasText: /^(the first [\d,]+ of )?[\d,]+ calls$/ });
  await summary.waitFor();
  const [kept, all = kept] = ((await summary.innerText()).match(/[\d,]+/g) ?? []).map((text) =>
    Number(text.replace(/,/g, '')),
  );
  // A stop while the page is behind with reading takes the room from the last few.
  assert.ok(kept === 100_000 || all - kept < 4, `${kept} of ${all}`);
});

e2e('calls that are not written down can be', {}, async (page) => {
  await page.evaluate(() => {
    const guest = { args: '', env: '', stdin: '', seed: '', clock: '', stub: false, trace: false };
    const limits = { steps: 0, memory: 0, output: 0, seconds: 0 };
    localStorage.setItem('jsrust.settings', JSON.stringify({ options: { limits, validate: true, guest } }));
  });
  await page.reload();
  await ended(page);
  await pick(page, 'words.wasm', await fixture('wasi/words.wasm'));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=calls]').click();
  await page.locator('#calls-on').click();
  await page.locator('#calls .row').first().waitFor();
});
