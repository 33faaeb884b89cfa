// What every end-to-end test uses: the built page behind serve.py in Chromium, a fresh context per test, and small helpers
// that act and look as a user does. A test that fails leaves a picture in tests/out/e2e; one during which the page
// threw, or broke its own content policy, fails.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { serveFolder } from '../lib/browser.mjs';
import { ownFolder, project } from '../lib/files.mjs';
import { takesLess } from '../lib/timing.mjs';
import { ownBrowser } from './own-browser.js';
import { inOwnPage } from './own-page.js';

/** Files to pick. */
const PICKED = ownFolder('picked');

const serving = serveFolder(join(project, 'web/dist'));
after(async () => (await serving).close());

export const SIZES = {
  phone: { width: 360, height: 740 },
  middle: { width: 900, height: 700 },
  wide: { width: 1280, height: 800 },
  huge: { width: 2560, height: 1300 },
};

/** @typedef {import('playwright-core').Page} Page */
/**
 * @typedef {object} Setting
 * @property {keyof typeof SIZES} [size]
 * @property {'light' | 'dark'} [scheme]
 * @property {string} [query] `?example=fizz`
 * @property {string[]} [permissions]
 * @property {'allow' | 'block'} [serviceWorkers]
 */

/**
 * A test in a page of its own that has opened and run its first program.
 * @param {string} title
 * @param {Setting} setting
 * @param {(page: Page) => Promise<void>} body
 */
export function e2e(title, setting, body) {
  test(title, () => afterFirstRun(title, setting, body));
}

/**
 * A test whose body gives the milliseconds that something took, which are to be below a limit. What is not is measured
 * again, from the start in another page: what else the machine does only adds to it.
 * @param {number} limit
 * @param {string} title
 * @param {Setting} setting
 * @param {(page: Page) => Promise<number>} body
 */
export function e2eBelow(limit, title, setting, body) {
  test(title, () => takesLess(limit, () => afterFirstRun(title, setting, body)));
}

/**
 * In the page: its service worker comes, keeps what the first run needed and answers, but is not asked to keep the 70 files
 * that nobody has opened yet, a quarter of a short test's time. That is offline.spec.js's, whose pages ask, as do those of
 * modes.js.
 */
function keepNoMore() {
  // There is none in a page that is not secure, such as the empty one before the first.
  const { prototype } = globalThis.ServiceWorker ?? {};
  if (!prototype) return;
  const { postMessage } = prototype;
  /** @type {(this: ServiceWorker, message: any, transfer?: any) => void} */
  prototype.postMessage = function (message, transfer) {
    if (message?.type !== 'fill') postMessage.call(this, message, transfer);
  };
}

/**
 * @template Result
 * @param {string} title
 * @param {Setting} setting
 * @param {(page: Page) => Promise<Result>} body
 */
async function afterFirstRun(title, setting, body) {
  const { size = 'wide', scheme = 'light', query = '', permissions = [], serviceWorkers = 'allow' } = setting;
  const phone = size === 'phone';
  const [server, browser] = await Promise.all([serving, ownBrowser()]);
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: scheme,
    hasTouch: phone,
    isMobile: phone,
    permissions,
    serviceWorkers,
    acceptDownloads: true,
  });
  await context.addInitScript(keepNoMore);
  return inOwnPage(context, title, async (page, faults) => {
    page.on('request', (request) => {
      const own = /^(?:blob|data):/.test(request.url()) || new URL(request.url()).origin === new URL(server.url).origin;
      if (!own || request.method() !== 'GET') faults.push(`${request.method()} ${request.url()}`);
    });
    await page.goto(server.url + query);
    await ended(page);
    return body(page);
  });
}

/** @param {string} path below fixtures/ */
export function fixture(path) {
  return readFile(join(project, 'fixtures', path));
}

/** What the status says. @param {import('playwright-core').Page} page */
export function phase(page) {
  return page.evaluate(() => document.getElementById('state-text')?.textContent ?? '');
}

/** Waits until the status is one of these. @param {import('playwright-core').Page} page @param {...string} wanted */
export async function waitForPhase(page, ...wanted) {
  await page.waitForFunction(
    (names) => names.includes(document.getElementById('state-text')?.textContent ?? ''),
    wanted,
  );
}

/**
 * Waits until nothing runs any more and the IR, if there is some, is shown: a short run is over before it has been read.
 * @param {import('playwright-core').Page} page
 */
export async function ended(page) {
  await page.waitForFunction(() => {
    const phase = document.getElementById('state-text')?.textContent ?? '';
    const isHidden = (/** @type {string} */ selector) => document.querySelector(selector)?.matches('[hidden]') === true;
    // While it is on its way, the panel is empty and does not say why. Modules have no such tab.
    const isJsrs = !isHidden('#inspector-tabs [data-tab=ir]');
    const comes = isJsrs && isHidden('#ir') && document.getElementById('ir-empty')?.textContent === '';
    return ['finished', 'stopped', 'failed', 'not run'].includes(phase) && !comes;
  });
  await drawn(page);
}

/** Waits until what was decided is on the screen. @param {import('playwright-core').Page} page */
export async function drawn(page) {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
  );
}

/**
 * Opens an example of the gallery, another than the one that is open. What was open before is gone when this returns;
 * the example may still be running.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function openExample(page, name) {
  const button = page.locator(`[data-key="example:${name}"]`);
  // By its mark it is known to be open.
  assert.equal(await button.getAttribute('aria-current'), null, `${name} is open already`);
  await button.click();
  await button.and(page.locator('[aria-current]')).waitFor({ state: 'attached' });
}

/** What is brought is known to be open by its name. @param {import('playwright-core').Page} page @param {string} name */
async function isAnother(page, name) {
  assert.notEqual(await page.locator('#program-name').textContent(), name, `${name} is open already`);
}

/** Waits until what was brought is open. @param {import('playwright-core').Page} page @param {string} name */
export async function named(page, name) {
  await page.waitForFunction((wanted) => document.getElementById('program-name')?.textContent === wanted, name);
}

/**
 * Drops a file onto the page. What was open before is gone when this returns; the file may still be opening or running.
 * @param {import('playwright-core').Page} page
 * @param {string} name another than that of what is open
 * @param {Uint8Array} bytes
 */
export async function drop(page, name, bytes) {
  await isAnother(page, name);
  const base64 = Buffer.from(bytes).toString('base64');
  await page.evaluate(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name));
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    { name, base64 },
  );
  await named(page, name);
}

/**
 * Picks a file from disk: for large ones, which a drop would decode within the page.
 * @param {import('playwright-core').Page} page
 * @param {string} name another than that of what is open
 * @param {Uint8Array} bytes
 */
export async function pick(page, name, bytes) {
  await isAnother(page, name);
  const path = join(PICKED, name);
  await writeFile(path, bytes);
  await page.locator('#file-input').setInputFiles(path);
  await named(page, name);
  await rm(path);
}

/** Pastes text anywhere on the page, which opens it. @param {import('playwright-core').Page} page @param {string} text */
export async function paste(page, text) {
  await isAnother(page, 'pasted');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  }, text);
  await named(page, 'pasted');
}

/** Opens a dialog by its keys: the first time it has to be fetched. @param {import('playwright-core').Page} page @param {string} keys @param {string} name */
export async function openDialog(page, keys, name) {
  await page.keyboard.press(keys);
  const dialog = page.getByRole('dialog', { name });
  await dialog.waitFor();
  return dialog;
}

export const openOptions = (/** @type {import('playwright-core').Page} */ page) =>
  openDialog(page, 'Control+,', 'Options');

/** Records the steps of the present program. @param {import('playwright-core').Page} page */
export async function record(page) {
  await page.keyboard.press('F10');
  await page.locator('#stepper').waitFor({ timeout: 30_000 });
  await drawn(page);
}

/** Rows of output in view. @param {import('playwright-core').Page} page */
export async function outputRows(page) {
  await drawn(page);
  return page.locator('#output .row').allTextContents();
}

/** Text of the result line. @param {import('playwright-core').Page} page */
export async function resultText(page) {
  await drawn(page);
  return (await page.locator('#result').innerText()).replace(/\s+/g, ' ').trim();
}

/** Clicks a control that is of use now in the page, and measures until the status says a word. */
export const answerTime = (
  /** @type {import('playwright-core').Page} */ page,
  /** @type {string} */ id,
  /** @type {string} */ word,
) =>
  page.evaluate(
    ({ id, word }) =>
      new Promise((/** @type {(milliseconds: number) => void} */ resolve, reject) => {
        const status = /** @type {HTMLElement} */ (document.getElementById('state-text'));
        const control = /** @type {HTMLButtonElement} */ (document.querySelector(`.controls [data-command=${id}]`));
        if (control.disabled) reject(new Error(`${id} is of no use: ${status.textContent}`));
        const start = performance.now();
        new MutationObserver((_, observer) => {
          if (status.textContent !== word) return;
          observer.disconnect();
          resolve(performance.now() - start);
        }).observe(status, { childList: true, characterData: true, subtree: true });
        control.click();
      }),
    { id, word },
  );
