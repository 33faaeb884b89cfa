// C4: every width from 360 to 2560 px: the page itself never scrolls, nothing shifts, fingers find their targets.
import assert from 'node:assert/strict';
import { endlessLoop } from '../lib/jsrs-writer.js';
import { drawn, drop, e2e, ended, fixture, openExample, record, waitForPhase } from './harness.js';

e2e('no width makes the page scroll or its controls overflow', {}, async (page) => {
  await record(page);
  for (const width of [360, 414, 600, 760, 761, 900, 1099, 1100, 1240, 1440, 1999, 2000, 2560]) {
    await page.setViewportSize({ width, height: 740 });
    await drawn(page);
    const found = await page.evaluate(() => {
      const root = document.documentElement;
      const outside = [...document.querySelectorAll('button, select, input, h1, .chip')].filter((element) => {
        const box = element.getBoundingClientRect();
        // Rows of tabs scroll by themselves where they are longer than the screen; the chosen one is in view.
        const scrolls = element.matches('[role=tab][aria-selected=false]');
        if (box.width === 0 || scrolls || element.closest('.scroll, .programs, .sr-only, dialog')) return false;
        return box.left < 0 || box.right > innerWidth + 0.5;
      });
      return {
        wide: root.scrollWidth > innerWidth,
        tall: root.scrollHeight > innerHeight,
        outside: outside.map((each) => each.outerHTML),
      };
    });
    assert.deepEqual(found, { wide: false, tall: false, outside: [] }, `${width} px`);
  }
});

e2e('the header keeps to one row', {}, async (page) => {
  const wraps = async () => {
    const found = [];
    for (let width = 761; width < 1460; width += 20) {
      await page.setViewportSize({ width, height: 740 });
      const height = await page.locator('.top').evaluate((header) => header.offsetHeight);
      if (height > 48) found.push(`${width} px: ${height}`);
    }
    return found;
  };
  assert.deepEqual(await wraps(), []);
  await page.getByRole('button', { name: 'Fold', exact: true }).click();
  await drop(page, 'a name that is rather long.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  assert.deepEqual(await wraps(), []);
});

/** Controls that their pane, or what scrolls without a bar, cuts off. @param {import('playwright-core').Page} page */
const cutControls = (page) =>
  page.locator('.pane :is(button, select, input, .trace-summary)').evaluateAll((controls) =>
    controls
      .filter((control) => {
        const { left, right, width } = control.getBoundingClientRect();
        const pane = control.closest('.pane-head, .panel-tools, .stepper-bar, .view-tabs')?.getBoundingClientRect();
        const isOut = pane && (left < Math.max(0, pane.left) || right > Math.min(innerWidth, pane.right) + 0.5);
        return width > 0 && (isOut || control.scrollWidth > control.clientWidth + 1);
      })
      .map((control) => control.textContent || control.outerHTML),
  );

for (const [query, tabs] of /** @type {const} */ ([
  ['?example=primes', ['ir', 'trace', 'module', 'passes', 'graph', 'compiled']],
  ['?example=words', ['module', 'code', 'calls', 'files']],
])) {
  e2e(`a pane at its least width cuts nothing off, ${query}`, { query }, async (page) => {
    if (query === '?example=primes') await record(page);
    else await page.locator('.view-tabs [data-tab=terminal]').click();
    for (const width of [761, 1100, 2000]) {
      await page.setViewportSize({ width, height: 800 });
      if (width === 761) await page.getByRole('button', { name: 'Output beside' }).click();
      for (const key of ['Home', 'End']) {
        await page.locator('#split-inspector').press(key);
        for (const tab of tabs) {
          await page.locator(`#inspector-tabs [data-tab=${tab}]`).click();
          await page.locator(`#${tab}-panel .panel-tools, #${tab}-panel .row`).first().waitFor();
          await drawn(page);
          assert.deepEqual(await cutControls(page), [], `${width} px, ${key}, ${tab}`);
        }
      }
    }
  });
}

e2e('letters set wide push no control out of the page', {}, async (page) => {
  // WCAG 1.4.12, by the page's own means: its policy allows no style of others.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }',
    );
    document.adoptedStyleSheets = [sheet];
  });
  for (const width of [360, 760, 768, 1000, 1100, 1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await drawn(page);
    const found = await page.evaluate(() => {
      const shown = [...document.querySelectorAll('.top .button, .top select, .controls .button, #program-name')];
      const boxes = shown.map((each) => each.getBoundingClientRect()).filter((box) => box.width > 0);
      return { least: Math.min(...boxes.map(({ x }) => x)), most: Math.max(...boxes.map(({ right }) => right)) };
    });
    assert.ok(found.least >= 0 && found.most <= width, `${width} px: ${JSON.stringify(found)}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px scroll`);
  }
});

e2e('where little height is left the page scrolls and its panes stay readable', {}, async (page) => {
  // 1280 x 1024 magnified four times (WCAG 1.4.10), phones on their side.
  for (const [width, height] of [
    [320, 256],
    [740, 360],
    [844, 390],
  ]) {
    await page.setViewportSize({ width, height });
    await drawn(page);
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth > innerWidth,
      output: (document.getElementById('output')?.clientHeight ?? 0) >= 140,
      reachable: document.documentElement.scrollHeight > innerHeight,
    }));
    assert.deepEqual(found, { wide: false, output: true, reachable: true }, `${width} x ${height}`);
    await page.locator('.controls [data-command=run]').scrollIntoViewIfNeeded();
    await page.locator('.controls [data-command=run]').click();
    await ended(page);
  }
  await record(page);
  const heights = await page.evaluate(() =>
    ['ir', 'stepper'].map((id) => document.getElementById(id)?.clientHeight ?? 0),
  );
  assert.ok(
    heights.every((height) => height >= 100),
    String(heights),
  );
});

e2e('IR and trace stand side by side where there is room', { size: 'huge' }, async (page) => {
  await record(page);
  assert.ok(await page.locator('#ir').isVisible());
  assert.ok(await page.locator('#trace').isVisible());
});

e2e('output stands over or beside the inspector by choice', { size: 'middle' }, async (page) => {
  const boxes = async () => {
    await drawn(page);
    return [await page.locator('#output-pane').boundingBox(), await page.locator('#inspector').boundingBox()];
  };
  const [above, below] = await boxes();
  assert.ok((above?.y ?? 0) < (below?.y ?? 0));
  await page.getByRole('button', { name: 'Output beside' }).click();
  const [left, right] = await boxes();
  assert.equal(left?.y, right?.y);
  await page.locator('#show-programs').click();
  await page.getByRole('dialog', { name: 'Programs' }).waitFor();
  await openExample(page, 'fizz');
  assert.equal(await page.locator('#drawer').isVisible(), false);
});

e2e('a phone has one pane, tabs, and its controls at the thumb', { size: 'phone' }, async (page) => {
  assert.ok(await page.locator('#output').isVisible());
  assert.equal(await page.locator('#inspector').isVisible(), false);
  const bar = await page.locator('#bottom-bar').boundingBox();
  assert.ok((bar?.y ?? 0) + (bar?.height ?? 0) === 740);
  await page.locator('#phone-tabs [data-tab=ir]').tap();
  await page.locator('#ir').waitFor();
  await page.locator('#bottom-bar [data-command=step]').tap();
  await page.locator('#stepper').waitFor();
  await page.locator('#phone-tabs [data-tab=trace]').tap();
  await page.locator('#trace .row').first().waitFor();
});

e2e('a phone says what a run is doing', { size: 'phone' }, async (page) => {
  const result = page.locator('#result');
  await drop(page, 'loop.jsrbin', endlessLoop());
  await result.filter({ hasText: /running\s*steps [\d,]+\s*lines 0\s*time / }).waitFor();
  await page.locator('#bottom-bar [data-command=pause]').tap();
  await result.filter({ hasText: /paused\s*steps [\d,]+\s*lines 0\s*time / }).waitFor();
  await page.locator('#bottom-bar [data-command=stop]').tap();
  await ended(page);
  await drop(page, 'guess.wasm', await fixture('wasi/guess.wasm'));
  await result.filter({ hasText: 'waiting for input' }).waitFor();
});

e2e('targets on a phone have 44 px', { size: 'phone' }, async (page) => {
  const small = async () => {
    await drawn(page);
    return page.evaluate(() =>
      [...document.querySelectorAll('button, select, summary, .check, [role=option], input:not([type=file])')]
        .filter((element) => {
          const box = element.getBoundingClientRect();
          // Links within a line of code or text are as high as the line (WCAG 2.5.8, inline).
          if (box.width === 0 || element.matches('.link, .token-function, .fold, .check input')) return false;
          return box.height < 44 || (box.width < 44 && element.tagName === 'BUTTON');
        })
        .map((element) => `${element.id || element.className} ${JSON.stringify(element.getBoundingClientRect())}`),
    );
  };
  assert.deepEqual(await small(), []);
  await page.locator('#bottom-bar [data-command=step]').tap();
  await page.locator('#stepper').waitFor();
  assert.deepEqual(await small(), []);
  await page.locator('#phone-tabs [data-tab=trace]').tap();
  await page.locator('#trace .row').first().waitFor();
  assert.deepEqual(await small(), []);
  await page.locator('#show-programs').tap();
  await page.getByRole('dialog', { name: 'Programs' }).waitFor();
  assert.deepEqual(await small(), []);
  await page.getByRole('button', { name: 'Options' }).tap();
  await page.getByRole('dialog', { name: 'Options' }).waitFor();
  await page.getByText('WebAssembly modules').tap();
  assert.deepEqual(await small(), []);
});

e2e('all keys of a game are in view on the smallest screen', { query: '?example=bricks' }, async (page) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await page.locator('.terminal-keys button').first().waitFor();
  await drawn(page);
  const ends = await page
    .locator('.terminal-keys button')
    .evaluateAll((all) => all.map((key) => key.getBoundingClientRect().right));
  assert.ok(Math.max(...ends) <= 320, ends.join());
});

e2e('small links on a phone are met beside what is seen of them', { size: 'phone' }, async (page) => {
  /** Whether a touch so far from the middle of an element meets it. */
  const isMet = (/** @type {string} */ selector, /** @type {number} */ x, /** @type {number} */ y) =>
    page
      .locator(selector)
      .first()
      .evaluate(
        (element, [x, y]) => {
          const box = element.getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2 + x, box.y + box.height / 2 + y) === element;
        },
        [x, y],
      );
  await page.locator('#phone-tabs [data-tab=ir]').tap();
  await page.locator('#ir .fold').first().waitFor();
  for (const [x, y] of [
    [0, 20],
    [22, 0],
    [0, -9],
  ])
    assert.ok(await isMet('#ir .fold', x, y), `fold ${x}, ${y}`);
  await page.locator('#ir button.token-function').first().scrollIntoViewIfNeeded();
  await drawn(page); // what is in view now is other rows than before
  for (const y of [-21, 21]) assert.ok(await isMet('#ir button.token-function', 0, y), `call ${y}`);
  const [first, second] = await page
    .locator('#ir .row')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect()).map(({ top, height }) => ({ top, height })));
  assert.deepEqual([first.height, second.top - first.top], [32, 32]);
  await page.locator('#phone-tabs [data-tab=module]').tap();
  await page.locator('#module .row .link').first().waitFor();
  for (const x of [-21, 21]) assert.ok(await isMet('#module .row:has-text("main") .link', x, 0), `function ${x}`);
});

e2e('a failure is whole on a phone', { size: 'phone', query: '?example=array_oob' }, async (page) => {
  const [seen, all] = await page.locator('#result').evaluate((line) => [line.clientHeight, line.scrollHeight]);
  assert.equal(seen, all);
});

e2e('a notice on a phone leaves the controls free', { size: 'phone' }, async (page) => {
  await page.getByRole('button', { name: 'Copy' }).tap();
  const notice = page.locator('#notice.shown');
  await notice.waitFor();
  const box = await notice.boundingBox();
  const bar = await page.locator('#bottom-bar').boundingBox();
  assert.ok(box && bar && box.y + box.height <= bar.y, JSON.stringify([box, bar]));
});

e2e('what is typed to be found can be read on a phone', { size: 'phone' }, async (page) => {
  await page.getByRole('button', { name: 'Find' }).tap();
  await page.locator('#find-text').fill('17');
  const box = await page.locator('#find-text').boundingBox();
  assert.ok((box?.width ?? 0) > 200, `${box?.width}`);
});

e2e('controls keep their places when a run begins and ends', {}, async (page) => {
  const places = () =>
    page.locator('.actions button:visible').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
  const before = await places();
  await drop(page, 'loop.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  assert.deepEqual(await places(), before);
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  assert.deepEqual(await places(), before);
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e('splitters move by mouse and reset by double click', {}, async (page) => {
  const width = async () => {
    await drawn(page);
    return Math.round((await page.locator('#inspector').boundingBox())?.width ?? 0);
  };
  const before = await width();
  const handle = await page.locator('#split-inspector').boundingBox();
  assert.ok(handle);
  await page.mouse.move(handle.x, handle.y + 200);
  await page.mouse.down();
  await page.mouse.move(handle.x - 120, handle.y + 200, { steps: 4 });
  await page.mouse.up();
  assert.ok(Math.abs((await width()) - before - 120) <= 2);
  await page.locator('#split-inspector').dblclick();
  assert.equal(await width(), before);
});

e2e('a splitter that is clicked follows the pointer to the next click, which is nobody else’s', {}, async (page) => {
  const width = async () => {
    await drawn(page);
    return Math.round((await page.locator('#inspector').boundingBox())?.width ?? 0);
  };
  const before = await width();
  const handle = page.locator('#split-inspector');
  const box = await handle.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x, box.y + 200);
  await page.mouse.move(box.x - 60, 300, { steps: 3 });
  assert.ok(Math.abs((await width()) - before - 60) <= 2);
  // A tap elsewhere has no movement before it.
  const [x, y] = [box.x - 120, 400];
  await page.mouse.click(x, y);
  const placed = await width();
  assert.ok(Math.abs(placed - before - 120) <= 2);
  await page.mouse.move(x - 100, y, { steps: 3 });
  assert.equal(await width(), placed);
  assert.equal((await handle.getAttribute('class'))?.includes('dragging'), false);
  // What lies under the second click does not hear of it; the click after it is everybody's again.
  const title = await page.title();
  const other = page.locator('.program button').nth(3);
  const place = await other.boundingBox();
  assert.ok(place);
  await page.mouse.click(x, y);
  await page.mouse.click(place.x + 20, place.y + 10);
  await drawn(page);
  assert.equal(await page.title(), title);
  await handle.dblclick();
  assert.equal(await width(), before);
  await other.click();
  await page.waitForFunction((before) => document.title !== before, title);
});

e2e('nothing shifts while the page opens', {}, async (page) => {
  await page.addInitScript(() => {
    /** @type {any} */ (globalThis).shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        /** @type {any} */ (globalThis).shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.reload();
  await ended(page);
  assert.ok(Number(await page.evaluate('shift')) < 0.01, String(await page.evaluate('shift')));
});
