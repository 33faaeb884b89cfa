// Files of a module: given by button and drop, kept over a reload, shown with what became of them, opened and downloaded.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from '../lib/files.mjs';
import { longestTask } from '../lib/longest-task.mjs';
import { wasmOf } from '../lib/wat.mjs';
import { drawn, e2e, e2eBelow, ended, fixture, outputRows, pick, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const POEM = { name: 'poem.txt', mimeType: 'text/plain', buffer: Buffer.from('one two three\nfour five\n') };

/** Opens the program that counts words in all files and writes a report. @param {Page} page */
async function openWords(page) {
  await pick(page, 'words.wasm', await fixture('wasi/words.wasm'));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=files]').click();
  // The panel itself may have yet to come.
  await page.locator('#files .row').first().waitFor();
}

/** Runs again, and waits for its end. @param {Page} page */
async function runAgain(page) {
  await page.locator('[data-command=run]:visible').click();
  await waitForPhase(page, 'finished', 'failed');
  await drawn(page);
}

/** The panel says how many there are, and of which kind, as soon as it knows. @param {Page} page @param {RegExp} text */
const summed = (page, text) => page.locator('#files-summary', { hasText: text }).waitFor();

/** Rows once there are as many as wanted: name, size and mark. @param {Page} page @param {number} count */
async function fileRows(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll('#files .row').length === wanted, count);
  await drawn(page);
  return page.locator('#files .row').evaluateAll((rows) =>
    rows.map((row) =>
      [...row.children]
        .slice(1)
        .map((part) => part.textContent)
        .join(' '),
    ),
  );
}

e2e('what the program writes is shown as new, and opened', {}, async (page) => {
  await openWords(page);
  assert.deepEqual(await fileRows(page, 1), ['report.txt 67 B new']);
  await page.locator('#files .row').click();
  const content = page.locator('#file-content .row');
  await content.filter({ hasText: /lines\s+words/ }).waitFor();
  assert.match((await content.allTextContents()).join('\n'), /lines {3}words/);
  await page.locator('#file-hex').click();
  await content.filter({ hasText: /^000020 20 20 6c/ }).waitFor();
  assert.match((await content.first().textContent()) ?? '', /^000020 20 20 6c/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#file-download').click()]);
  assert.equal(download.suggestedFilename(), 'report.txt');
  await page.locator('#file-close').click();
  assert.equal(await page.locator('#file-content').isVisible(), false);
});

e2e('given files are there in the next run, and after a reload', {}, async (page) => {
  await openWords(page);
  await page.locator('#files-input').setInputFiles([POEM]);
  assert.deepEqual(await fileRows(page, 2), ['poem.txt 24 B for the next run', 'report.txt 67 B new']);
  await runAgain(page);
  assert.match((await outputRows(page)).join('\n'), /2 +5 +24 {2}poem\.txt/);
  await summed(page, /^2 files, 1 new\./);
  assert.deepEqual((await fileRows(page, 2))[0], 'poem.txt 24 B given');
  await page.reload();
  await ended(page);
  assert.match((await outputRows(page)).join('\n'), /poem\.txt/);
  await page.locator('#inspector-tabs [data-tab=files]').click();
  await page.locator('#files .row', { hasText: 'poem.txt' }).click();
  await page.locator('#file-remove').click();
  await runAgain(page);
  assert.deepEqual(await fileRows(page, 1), ['report.txt 67 B new']);
  await page.reload();
  await ended(page);
  assert.doesNotMatch((await outputRows(page)).join('\n'), /poem\.txt/);
});

e2e('files dropped on the panel are given, not run', {}, async (page) => {
  await openWords(page);
  await page.locator('#files-panel').evaluate((panel) => {
    const data = new DataTransfer();
    data.items.add(new File(['a b c'], 'dropped.txt'));
    data.items.add(new File([new Uint8Array([0, 1, 2, 255])], 'bytes.bin'));
    const send = (/** @type {string} */ type) =>
      panel.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    const isSeen = () => getComputedStyle(panel).outlineStyle === 'dashed';
    for (const type of ['dragenter', 'dragover']) send(type);
    if (!isSeen()) throw new Error('that they can be dropped is to be seen');
    send('dragleave');
    if (isSeen()) throw new Error('it is seen after they have left');
    for (const type of ['dragover', 'drop']) send(type);
    if (isSeen()) throw new Error('it is seen after they were dropped');
  });
  const rows = await fileRows(page, 3);
  assert.deepEqual(rows.slice(0, 2), ['bytes.bin 4 B for the next run', 'dropped.txt 5 B for the next run']);
  assert.equal(await page.locator('#program-name').textContent(), 'words.wasm');
  assert.equal(await page.locator('#drop-overlay').isVisible(), false);
  await page.locator('#files .row').first().click();
  await page.locator('#file-content .row', { hasText: /^000000 01 02 ff/ }).waitFor();
});

e2e('what the program made can be kept for the next run', {}, async (page) => {
  await openWords(page);
  await page.locator('#files-keep').click();
  await summed(page, /^1 file\.$/);
  assert.deepEqual(await fileRows(page, 1), ['report.txt 67 B given']);
  await page.locator('#files-input').setInputFiles([POEM]);
  await fileRows(page, 2);
  await runAgain(page);
  await summed(page, /^2 files, 1 changed\./);
  const rows = await fileRows(page, 2);
  assert.equal(rows[0], 'poem.txt 24 B given');
  assert.match(rows[1], /^report\.txt \d+ B changed$/);
});

e2e('all files that are listed come as one archive', {}, async (page) => {
  await openWords(page);
  await page.locator('#files-input').setInputFiles([POEM]);
  await fileRows(page, 2);
  await runAgain(page);
  const longer = { ...POEM, buffer: Buffer.concat([POEM.buffer, POEM.buffer]) };
  await page.locator('#files-input').setInputFiles([longer, { ...POEM, name: 'late.txt' }]);
  const rows = await fileRows(page, 3);
  assert.deepEqual(rows.slice(0, 2), ['late.txt 24 B for the next run', 'poem.txt 48 B for the next run']);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#files-zip').click()]);
  assert.equal(download.suggestedFilename(), 'words.zip');
  const { stdout } = spawnSync('python3', ['-m', 'zipfile', '-l', await download.path()], { encoding: 'utf8' });
  const listed = stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/ +\S+ \S+ +/, ' '));
  assert.deepEqual(listed.sort(), ['late.txt 24', 'poem.txt 48', rows[2].replace(/(\S+) (\d+) B.*/, '$1 $2')]);
});

/** Deflate needs seconds for it: noise of six bits a byte. */
const SLOW = Buffer.from(crypto.getRandomValues(new Uint8Array(1 << 16)).map((byte) => byte & 0x3f));

e2eBelow(45, 'an archive that takes long says how far it is, and is stopped', { query: '?example=words' }, (page) => {
  const path = join(ownFolder('slow'), 'slow.bin');
  writeFileSync(path, Buffer.concat(Array.from({ length: 384 }, () => SLOW)));
  return longestTask(page, async () => {
    await page.locator('#inspector-tabs [data-tab=files]').click();
    await page.locator('#files .row').first().waitFor();
    await page.locator('#files-input').setInputFiles(path);
    await page.locator('#files .row', { hasText: 'slow.bin' }).waitFor();
    await runAgain(page);
    await page.locator('#files .row', { hasText: /slow\.bin.*given/ }).waitFor();
    const all = page.locator('#files-zip');
    await all.click();
    await all.filter({ hasText: /^Stop \(\d+ %\)$/ }).click();
    await page.locator('#notice', { hasText: 'Stopped: there is no archive.' }).waitFor();
    await all.filter({ hasText: /^Download all$/ }).waitFor();
  });
});

e2e('keys move through the files and take one away', {}, async (page) => {
  await openWords(page);
  await page.locator('#files-input').setInputFiles([POEM]);
  await fileRows(page, 2);
  await page.locator('#files').focus();
  await page.keyboard.press('Home');
  await page.locator('#file-name', { hasText: /^poem\.txt$/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('#file-name', { hasText: /^report\.txt$/ }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Delete');
  assert.deepEqual(await fileRows(page, 1), ['report.txt 67 B new']);
});

e2e('names of files that mean harm are shown as text', {}, async (page) => {
  await pick(page, 'file_names.wasm', await fixture('hostile/file_names.wasm'));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=files]').click();
  const rows = (await fileRows(page, 5)).join('\n');
  for (const name of ['<img src=x>', 'line\\nbreak', '\\u{202e}gnp.exe']) assert.ok(rows.includes(name), rows);
  assert.equal(await page.locator('#files img').count(), 0);
});

e2eBelow(45, 'a given file of 80 MB is kept and run without holding the page', { query: '?example=words' }, (page) => {
  const large = join(ownFolder('large'), 'large.txt');
  writeFileSync(large, Buffer.alloc(80_000_000, 'a'));
  return longestTask(page, async () => {
    await page.locator('#inspector-tabs [data-tab=files]').click();
    await page.locator('#files .row').first().waitFor();
    await page.locator('#files-input').setInputFiles(large);
    await page.locator('#files .row', { hasText: 'large.txt' }).waitFor();
    await page.locator('[data-command=run]').click();
    await page.locator('#output', { hasText: 'large.txt' }).waitFor();
    await ended(page);
  });
});

/** Makes files `00000`, `00001` and so on, with their names in them. @param {number} count @param {string} after */
const makesFiles = (count, after = '') =>
  wasmOf(`(module
    (import "wasi_snapshot_preview1" "path_open"
      (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "00000")
    (data (i32.const 32) "\\10\\00\\00\\00\\05\\00\\00\\00")
    (func (export "_start") (local $made i32) (local $at i32)
      (loop $more
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 1) (i64.const 64)
          (i64.const 0) (i32.const 0) (i32.const 0)))
        (drop (call $write (i32.load (i32.const 0)) (i32.const 32) (i32.const 1) (i32.const 8)))
        (drop (call $close (i32.load (i32.const 0))))
        (local.set $at (i32.const 20))
        (loop $carry
          (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at)) (i32.const 1)))
          (if (i32.gt_u (i32.load8_u (local.get $at)) (i32.const 57)) (then
            (i32.store8 (local.get $at) (i32.const 48))
            (local.set $at (i32.sub (local.get $at) (i32.const 1)))
            (br $carry))))
        (br_if $more (i32.lt_u (local.tee $made (i32.add (local.get $made) (i32.const 1))) (i32.const ${count}))))
      ${after}))`);

/** Downloads all of them, and gives the names in the archive. @param {Page} page */
async function archived(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#files-zip').click()]);
  const code = 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))';
  return Number(spawnSync('python3', ['-c', code, await download.path()], { encoding: 'utf8' }).stdout);
}

e2e('of thousands of files none is lost, in the archive nor for the next run', {}, async (page) => {
  await pick(page, 'many.wasm', makesFiles(5000));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=files]').click();
  await summed(page, /^5,000 files, 5,000 new\. The next/);
  assert.equal(await archived(page), 5000);
  await page.locator('#files-keep').click();
  await page.locator('#notice', { hasText: /^5,000 files kept/ }).waitFor();
  await summed(page, /^5,000 files\.$/);
});

e2eBelow(50, 'files past what comes back are counted, and the most is said', {}, (page) =>
  longestTask(page, async () => {
    await pick(page, 'many.wasm', makesFiles(21_000));
    await ended(page);
    await page.locator('#inspector-tabs [data-tab=files]').click();
    await summed(
      page,
      /^20,000 files, 20,000 new\. 1,000 more did not come back: at most 20,000 files and 512 MB do\./,
    );
  }),
);

e2e('what a program closed before it computes without end is there after Stop', {}, async (page) => {
  await pick(page, 'loops.wasm', makesFiles(3, '(loop $for_ever (br $for_ever))'));
  await waitForPhase(page, 'running');
  await page.locator('#inspector-tabs [data-tab=files]').click();
  await page.locator('#files .row', { hasText: '00002' }).waitFor();
  await page.keyboard.press('Control+.');
  await waitForPhase(page, 'stopped');
  await summed(
    page,
    /^3 files, 3 new\. The program was ended while it computed\. These are its files as last heard of\./,
  );
  assert.deepEqual(await fileRows(page, 3), ['00000 5 B new', '00001 5 B new', '00002 5 B new']);
  const result = (await page.locator('#result').textContent()) ?? '';
  assert.match(result, /memory 64 KB/);
  assert.doesNotMatch(result, /imports called 0/);
});

e2e('folders are counted as folders', {}, async (page) => {
  const program = wasmOf(`(module
    (import "wasi_snapshot_preview1" "path_create_directory" (func $make (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "folder")
    (func (export "_start") (drop (call $make (i32.const 3) (i32.const 16) (i32.const 6)))))`);
  await pick(page, 'folder.wasm', program);
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=files]').click();
  await summed(page, /^0 files, 1 new folder\. The next/);
});
