// What comes late for something that nobody waits for any more changes nothing: examples on a slow line, files, recordings.
// And what is asked for early is not lost: steps, searches, lines.
import assert from 'node:assert/strict';
import { endlessLoop, manyFunctions, printLines } from '../lib/jsrs-writer.js';
import {
  drawn,
  drop,
  e2e,
  ended,
  fixture,
  openExample,
  outputRows,
  pick,
  resultText,
  waitForPhase,
} from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const serviceWorkers = 'block';
const openName = (/** @type {Page} */ page) => page.locator('#program-name').innerText();
const press = (/** @type {Page} */ page, /** @type {string} */ example) =>
  page.locator(`[data-key="example:${example}"]`).click();

/** Holds up what is fetched under such names. @param {Page} page @param {RegExp} names @returns {Promise<() => Promise<void>>} lets it go */
async function hold(page, names) {
  /** @type {Set<import('playwright-core').Request>} */
  const held = new Set();
  /** @type {(value?: unknown) => void} */
  let open = () => {};
  const gate = new Promise((resolve) => (open = resolve));
  await page.route(names, async (route) => {
    held.add(route.request());
    await gate;
    await route.continue();
  });
  return async () => {
    const come = [...held].map((each) => page.waitForEvent('requestfinished', (request) => request === each));
    open();
    await Promise.all(come);
    await drawn(page);
  };
}

e2e('an example that comes late does not replace what was opened meanwhile', { serviceWorkers }, async (page) => {
  const letGo = await hold(page, /examples\/(fizz|words)/);
  await press(page, 'fizz');
  await waitForPhase(page, 'opening');
  assert.equal(await resultText(page), 'reading the file');
  await press(page, 'words');
  await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
  await ended(page);
  await letGo();
  assert.equal(await openName(page), 'two.jsrbin');
  assert.deepEqual(await outputRows(page), ['n 0', 'n 1']);
  await page.locator('#recent .program').waitFor();
  await page.reload();
  await ended(page);
  assert.equal(await openName(page), 'two.jsrbin', 'it is also what was open last');
});

e2e('nor does the first one, on a line that is slow from the start', { serviceWorkers }, async (page) => {
  const letGo = await hold(page, /examples\/primes/);
  await page.reload();
  await waitForPhase(page, 'opening');
  await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
  await ended(page);
  await letGo();
  assert.equal(await openName(page), 'two.jsrbin');
});

e2e('nor does a file whose reader is still on its way', { serviceWorkers }, async (page) => {
  const letGo = await hold(page, /paste-[^/]*\.js$/);
  await page.locator('#file-input').setInputFiles({ name: 'late', mimeType: '', buffer: Buffer.from(endlessLoop()) });
  await openExample(page, 'fizz');
  await ended(page);
  await letGo();
  // The dialog waits for the same part, and a reader of its own takes as long as that of the file.
  await page.getByRole('button', { name: 'paste', exact: true }).click();
  await page.getByRole('dialog', { name: 'Paste a program' }).waitFor();
  await page.evaluate(() => new File(['x'], 'x').arrayBuffer());
  await drawn(page);
  assert.equal(await openName(page), 'FizzBuzz');
});

/** Has a part of the page fail, without the network's own complaint. @param {Page} page @param {RegExp} names */
const fail = (page, names) =>
  page.route(names, (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw 0' }));

e2e('a file whose reader cannot be had is not waited for, nor what it replaced', { serviceWorkers }, async (page) => {
  const letGo = await hold(page, /examples\/fizz/);
  await press(page, 'fizz');
  await waitForPhase(page, 'opening');
  await fail(page, /paste-[^/]*\.js$/);
  await page.locator('#file-input').setInputFiles({ name: 'a', mimeType: '', buffer: Buffer.from(endlessLoop()) });
  await waitForPhase(page, 'not run');
  assert.match(
    await resultText(page),
    /^io-error The file could not be read: .* could not be loaded\. Choose it once more/,
  );
  await letGo();
  assert.equal(await page.locator('#state-text').innerText(), 'not run');
});

e2e('without its reader a file leaves the program that is open alone', { serviceWorkers }, async (page) => {
  await fail(page, /paste-[^/]*\.js$/);
  await page.locator('#file-input').setInputFiles({ name: 'a', mimeType: '', buffer: Buffer.from(endlessLoop()) });
  await page.locator('#notice', { hasText: 'could not be loaded' }).waitFor();
  assert.equal(await page.locator('#state-text').innerText(), 'finished');
  assert.match(await resultText(page), /^ok /);
});

e2e('a module is not waited for when what runs it cannot be had', { serviceWorkers }, async (page) => {
  await fail(page, /guest-parts-[^/]*\.js$/);
  await openExample(page, 'words');
  await waitForPhase(page, 'not run');
  assert.match(await resultText(page), /What runs WebAssembly modules could not be loaded\. Check the connection/);
  await openExample(page, 'fizz');
  await ended(page);
  assert.match(await resultText(page), /^ok /);
});

e2e(
  'a module whose reader cannot be had is told so, once, and can be chosen again',
  { serviceWorkers },
  async (page) => {
    await page.route(/wasm-tools/, (route) => route.fulfill({ contentType: 'application/wasm', body: 'no module' }));
    await openExample(page, 'words');
    await waitForPhase(page, 'not run');
    assert.match(await resultText(page), /^io-error .+ Check the connection and try again\.$/);
    assert.equal(await page.locator('#notice').innerText(), '');
    await page.unroute(/wasm-tools/);
    await press(page, 'words');
    await waitForPhase(page, 'finished');
  },
);

e2e(
  'a file of another kind is refused, for now, when what knows the kinds cannot be had',
  { serviceWorkers },
  async (page) => {
    await page.route(/detect-[^/]*\.js$/, (route) => route.abort());
    await pick(page, 'notes.txt', Buffer.from('fn main() {}'));
    await waitForPhase(page, 'not run');
    assert.match(await resultText(page), /^io-error .+ Check the connection and try again\.$/);
    await page.unroute(/detect-[^/]*\.js$/);
    await pick(page, 'again.txt', Buffer.from('fn main() {}'));
    await page.locator('#result', { hasText: 'this is Rust' }).waitFor();
    await openExample(page, 'fizz');
    await ended(page);
  },
);

/**
 * One of the workers of modules, by its number from 1, fails to load. The page has been told when its body has data-lost.
 * @param {Page} page @param {number} which
 */
async function loseWorker(page, which) {
  await page.evaluate(() => {
    globalThis.Worker = class extends Worker {
      constructor(/** @type {string} */ address, /** @type {WorkerOptions} */ options) {
        super(address, options);
        this.addEventListener('error', () => setTimeout(() => (document.body.dataset.lost = '')));
      }
    };
  });
  let asked = 0;
  await page.route(/guest-worker-/, (route) => {
    asked += 1;
    return asked === which ? route.fulfill({ contentType: 'text/javascript', body: 'throw 0' }) : route.continue();
  });
}

e2e('a module runs though the worker made beforehand could not be loaded', { serviceWorkers }, async (page) => {
  await loseWorker(page, 2);
  await openExample(page, 'words');
  await waitForPhase(page, 'finished');
  await page.locator('body[data-lost]').waitFor();
  await page.locator('#result .ok').evaluate((before) => before.setAttribute('data-before', ''));
  await page.keyboard.press('Control+Enter');
  await page.locator('#result .ok:not([data-before])').waitFor();
});

e2e('so does a compiled program', { serviceWorkers }, async (page) => {
  await loseWorker(page, 1);
  const letGo = await hold(page, /jsrust-backend/);
  await page.locator('#mode').selectOption('O1');
  await page.locator('body[data-lost]').waitFor();
  await letGo();
  await waitForPhase(page, 'finished');
});

e2e('what is stopped before its parts have come has ended at once', { serviceWorkers }, async (page) => {
  const isStopped = async () => {
    await page.keyboard.press('Control+.');
    await waitForPhase(page, 'stopped');
    assert.match(await resultText(page), /^stopped/);
  };
  const letRunsGo = await hold(page, /\/runs-[^/]*\.js$/);
  await page.locator('#mode').selectOption('O1');
  await waitForPhase(page, 'compiling');
  await isStopped();
  await letRunsGo();
  const letTerminalGo = await hold(page, /\/xterm-[^/]*\.js$/);
  await openExample(page, 'life');
  await waitForPhase(page, 'running');
  await isStopped();
  await letTerminalGo();
  assert.match(await resultText(page), /^stopped/);
});

e2e('a panel that could not be had is tried again when it is seen again', { serviceWorkers }, async (page) => {
  const tab = (/** @type {string} */ name) => page.locator(`#inspector-tabs [data-tab=${name}]`);
  const missing = /(compiled-parts|wasm-parts)[^/]*\.js$/;
  // The browser complains of it by itself.
  page.removeAllListeners('console');
  await page.route(missing, (route) => route.fulfill({ contentType: 'text/plain', body: '' }));
  const said = page.locator('#notice', { hasText: 'could not be loaded' });
  await tab('graph').click();
  await said.waitFor();
  await page.unroute(missing);
  await tab('ir').click();
  await tab('graph').click();
  await page.locator('#graph-panel svg').first().waitFor();
});

e2e('while an example is on its way the old program is not run with its options', { serviceWorkers }, async (page) => {
  await openExample(page, 'hexdump');
  await ended(page);
  const letGo = await hold(page, /examples\/markdown/);
  await press(page, 'markdown');
  await waitForPhase(page, 'opening');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+,');
  assert.equal(await page.locator('#option-args').inputValue(), 'sample.bin');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  assert.equal(await page.locator('#state-text').innerText(), 'opening');
  await letGo();
  await ended(page);
  assert.match(await openName(page), /^Markdown/);
  assert.match(await resultText(page), /^ok /);
});

e2e('options that are open when another program comes are not given to it', { serviceWorkers }, async (page) => {
  await openExample(page, 'hexdump');
  await ended(page);
  const letGo = await hold(page, /examples\/markdown/);
  await press(page, 'markdown');
  await page.keyboard.press('Control+,');
  await page.locator('#option-steps').fill('5,000');
  await letGo();
  await waitForPhase(page, 'finished');
  assert.notEqual(await page.locator('#option-args').inputValue(), 'sample.bin');
  assert.equal(await page.locator('#option-steps').inputValue(), '5,000');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  assert.match(await resultText(page), /^ok /);
});

e2e('modules that are opened while their part of the page comes get one of it', { serviceWorkers }, async (page) => {
  const letGo = await hold(page, /guest-parts-[^/]*\.js$/);
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    const known = new Set();
    Object.assign(globalThis, { opened: 0 });
    Worker.prototype.postMessage = function (/** @type {any[]} */ ...given) {
      if (!known.has(this))
        this.addEventListener('message', ({ data }) => data.type === 'opened' && globalThis.opened++);
      known.add(this);
      return postMessage.apply(this, /** @type {any} */ (given));
    };
  });
  await drop(page, 'hello.wasm', await fixture('aver/hello.wasm'));
  await page.waitForFunction(() => globalThis.opened === 1);
  await drop(page, 'stderr.wasm', await fixture('aver/stderr.wasm'));
  await page.waitForFunction(() => globalThis.opened === 2);
  await letGo();
  await ended(page);
  assert.match((await outputRows(page)).join(), /err 1/);
  assert.equal(await page.locator('.view-tabs').count(), 1);
  assert.equal(await page.locator('#terminal-place').count(), 1);
});

e2e('a line that is sent before the program has begun reaches it', {}, async (page) => {
  await openExample(page, 'guess');
  await waitForPhase(page, 'waiting for a line');
  await page.keyboard.press('Control+.');
  await ended(page);
  await page.locator('#input-line').fill('Ada');
  await page.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector('.controls [data-command=run]')).click();
    /** @type {HTMLInputElement} */ (document.getElementById('input-line')).form?.requestSubmit();
  });
  await page.locator('#output .row', { hasText: /^Ada, your guess/ }).waitFor();
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e('a recording that was given up says nothing', {}, async (page) => {
  await drop(page, 'loops.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  await page.keyboard.press('F10');
  await waitForPhase(page, 'recording');
  await openExample(page, 'fizz');
  await ended(page);
  assert.equal(await page.locator('#notice').innerText(), '');
  assert.equal(await page.locator('#stepper').isVisible(), false);
});

e2e('a step that is asked for before the IR has been read is taken', {}, async (page) => {
  // At the first moment at which it can be asked for.
  await page.evaluate(() => {
    const step = /** @type {HTMLButtonElement} */ (document.querySelector('.controls [data-command=step]'));
    const name = document.getElementById('program-name');
    new MutationObserver((_, observer) => {
      if (name?.textContent !== 'many.jsrbin' || step.disabled) return;
      observer.disconnect();
      step.click();
    }).observe(step, { attributes: true });
  });
  await pick(page, 'many.jsrbin', manyFunctions(20_000));
  await page.locator('#stepper').waitFor();
  await page.locator('#ir .current').waitFor();
});

e2e('the next change can be asked for before the first pass is shown', {}, async (page) => {
  await page.locator('#inspector-tabs [data-tab=trace]').click();
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const next = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Next change');
      if (!next || next.disabled) return;
      observer.disconnect();
      next.click();
    }).observe(document.body, { attributes: true, childList: true, subtree: true });
  });
  await page.locator('#inspector-tabs [data-tab=passes]').click();
  await page.locator('#pass-what', { hasText: /\d+ → \d+ instructions/ }).waitFor();
  await page.locator('#passes-panel .removed').first().waitFor();
});

e2e(
  "a module's panel has its whole place while that of programs is still on its way",
  { serviceWorkers },
  async (page) => {
    const letGo = await hold(page, /\/module-(?!service)[^/]*\.js$/);
    await openExample(page, 'math');
    const panel = page.locator('#wasm-module');
    await panel.waitFor();
    assert.equal(await page.locator('#module').isVisible(), false);
    const place = await panel.boundingBox();
    await letGo();
    assert.deepEqual(await panel.boundingBox(), place);
    await openExample(page, 'fizz');
    await page.locator('#inspector-tabs [data-tab=module]').click();
    await page.locator('#module', { hasText: 'JSRS' }).waitFor();
  },
);

e2e(
  'who leaves a game before it runs is not called back',
  { query: '?example=primes', serviceWorkers },
  async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.className);
    const letGo = await hold(page, /guest-worker-/);
    await press(page, 'bricks');
    await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
    await page.keyboard.press('Shift+Tab');
    const left = await focused();
    await letGo();
    await page.locator('.raw-badge').waitFor();
    assert.equal(await focused(), left);
  },
);
