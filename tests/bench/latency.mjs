// From a key press to the changed pixel, in the built page and each way in which keys reach a program there. A frame is
// 16.7 ms at 60 Hz. `node tests/bench/latency.mjs`, after `make web`.
import { join } from 'node:path';
import { launchBrowser, serveFolder } from '../lib/browser.mjs';
import { project } from '../lib/files.mjs';
import { keyLatencies } from '../lib/latency.mjs';
import { servePlainly } from '../lib/plain-server.mjs';
import { figure, printTable } from './measure.mjs';

const PRESSES = 60;

const folder = join(project, 'web/dist');
const isolating = await serveFolder(folder);
const plain = await servePlainly(folder, '/page/');
const browser = await launchBrowser();
/** @type {string[][]} */
const rows = [['input by', 'median, ms', 'p95, ms', 'most, ms']];
for (const mode of /** @type {const} */ (['headers', 'service worker', 'suspension'])) {
  const context = await browser.newContext({ serviceWorkers: mode === 'suspension' ? 'block' : 'allow' });
  const page = await context.newPage();
  const { url } = mode === 'headers' ? isolating : plain;
  if (mode === 'service worker') {
    await page.goto(url);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }
  await page.goto(`${url}?example=paint`);
  await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
  await page.keyboard.press('Space');
  const times = await keyLatencies(page, PRESSES);
  const at = (/** @type {number} */ share) =>
    figure(times[Math.min(times.length - 1, Math.floor(share * times.length))]);
  rows.push([mode, at(0.5), at(0.95), at(1)]);
  await context.close();
}
await browser.close();
isolating.close();
await plain.close();
printTable('Key press to changed pixel', rows);
