// The terminal of programs that write ANSI: xterm.js under the page's content policy with both of its renderers, flow control
// and bounded memory, lines edited here, and nothing that reaches beyond the screen.
import assert from 'node:assert/strict';
import { longestTask } from '../lib/longest-task.mjs';
import { terminalTest, terminalTestBelow } from './terminal-harness.js';

const open = (/** @type {any} */ page, options = {}) =>
  page.evaluate((/** @type {any} */ options) => globalThis.openXterm(options), options);
const write = (/** @type {any} */ page, /** @type {string} */ text) =>
  page.evaluate((/** @type {string} */ text) => globalThis.ansi.write(new TextEncoder().encode(text)), text);
const text = (/** @type {any} */ page) => page.evaluate(() => globalThis.ansi.text());
const data = (/** @type {any} */ page) => page.evaluate(() => globalThis.data.splice(0));

/** Different colours in a picture of the terminal. @param {any} page */
async function colorsShown(page) {
  const png = (await page.locator('.terminal-screen').screenshot()).toString('base64');
  return page.evaluate(async (/** @type {string} */ png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    return [...new Set(pixels)].map((pixel) => pixel.toString(16));
  }, png);
}

for (const renderer of ['dom', 'webgl']) {
  terminalTest(`xterm: text, colours and styles under the content policy, ${renderer}`, {}, async (page) => {
    await open(page, { renderer });
    await page.evaluate(() => globalThis.drawn());
    const plain = await colorsShown(page);
    await write(
      page,
      'plain \x1b[31mred\x1b[0m \x1b[38;2;1;200;3mtrue colour\x1b[0m \x1b[44mon blue\x1b[0m \x1b[1;4mbold\x1b[0m\n漢字 ┌─┐\n',
    );
    await page.evaluate(() => globalThis.drawn());
    assert.equal(await text(page), 'plain red true colour on blue bold\n漢字 ┌─┐\n');
    assert.ok((await colorsShown(page)).length > plain.length + 10, 'colours are shown');
    const { used, rows } = await page.evaluate(() => ({
      used: globalThis.ansi.renderer,
      rows: document.querySelectorAll('.xterm-rows > div').length,
    }));
    if (renderer === 'dom') assert.ok(rows >= 10 && used === 'dom');
    else assert.equal(rows, used === 'webgl' ? 0 : rows);
    // A style that was refused would leave the rows with the page's font and no size.
    const height = await page.evaluate(() => document.querySelector('.xterm-screen').getBoundingClientRect().height);
    assert.ok(height > 200);
  });
}

terminalTest('xterm: what a run has on its way is not seen in the next one', {}, async (page) => {
  await open(page);
  await page.evaluate(async () => {
    const encoder = new TextEncoder();
    void globalThis.ansi.write(encoder.encode(`${'old '.repeat(1e5)}\x1b]0;`));
    globalThis.ansi.reset();
    await globalThis.ansi.write(encoder.encode('next\n'));
  });
  assert.equal(await text(page), 'next\n');
});

terminalTest('xterm: nothing reaches the page', {}, async (page) => {
  await open(page);
  const title = await page.title();
  await write(
    page,
    '\x1b]0;owned\x07\x1b]2;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07 <b>html</b> http://a.b/\n',
  );
  await write(page, '\x1b[8;5;5t\x1b[3;0;0t\x1b[21t');
  assert.equal(await page.title(), title);
  assert.equal(await text(page), 'link <b>html</b> http://a.b/\n');
  assert.equal(await page.locator('.xterm a, .xterm b').count(), 0);
  assert.deepEqual(await data(page), []);
});

terminalTest('xterm: a line is edited and sent whole; Ctrl-D ends the input, Ctrl-C interrupts', {}, async (page) => {
  await page.evaluate(() => {
    globalThis.events = [];
    const log = (/** @type {string} */ what) => () => globalThis.events.push(what);
    return globalThis.openXterm({ onEnd: log('end'), onInterrupt: log('interrupt') });
  });
  await write(page, 'name? ');
  await page.evaluate(() => globalThis.ansi.focus());
  await page.keyboard.type('Adaa');
  for (const key of ['Backspace', 'Home', 'L', 'Delete', 'End', '!', 'Enter']) await page.keyboard.press(key);
  await page.waitForFunction(() => globalThis.data.length > 0);
  assert.deepEqual(await data(page), ['Lda!\n']);
  await page.waitForFunction(() => globalThis.ansi.text() === 'name? Lda!\n');
  await page.keyboard.type('xyz');
  await page.keyboard.press('Control+c');
  await page.waitForFunction(() => globalThis.events.includes('interrupt'));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => globalThis.data.length > 0);
  assert.deepEqual(await data(page), ['Lda!\n']);
  await page.keyboard.press('Control+d');
  await page.waitForFunction(() => globalThis.events.includes('end'));
  await page.keyboard.type('late');
  assert.deepEqual(await data(page), []);
});

terminalTest('xterm: a line that is being typed is whole after the terminal was made narrower', {}, async (page) => {
  await open(page);
  await write(page, 'name? ');
  await page.evaluate(() => globalThis.ansi.focus());
  const line = 'a line that is longer than a row of the narrow terminal will be';
  await page.keyboard.type(line);
  const shows = (/** @type {string} */ wanted) =>
    page.waitForFunction((/** @type {string} */ wanted) => globalThis.ansi.text() === wanted, wanted);
  await shows(`name? ${line}\n`);
  await page.setViewportSize({ width: 360, height: 500 });
  await shows(`name? ${line}\n`);
  await page.keyboard.press('Home');
  await page.keyboard.type('X');
  await shows(`name? X${line}\n`);
});

terminalTest('xterm: raw mode sends the keys, and Shift+Tab leaves past it', {}, async (page) => {
  await open(page, { mode: 'raw' });
  const focus = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.className);
  await page.locator('#before').focus();
  await page.keyboard.press('Tab');
  for (const key of ['a', 'ArrowUp', 'Tab', 'Escape', 'Backspace', 'Control+c', 'F5']) await page.keyboard.press(key);
  assert.deepEqual(await data(page), ['a', '\x1b[A', '\t', '\x1b', '\x7f', '\x03', '\x1b[15~']);
  await page.evaluate(() => {
    // As Firefox tells of a character beyond U+FFFF.
    for (const half of '😀'.split('')) {
      const press = new KeyboardEvent('keypress', { key: half, cancelable: true });
      document.activeElement?.dispatchEvent(Object.defineProperty(press, 'charCode', { value: half.charCodeAt(0) }));
    }
  });
  assert.deepEqual(await data(page), ['😀']);
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focus(), 'before');
  await page.keyboard.press('Tab');
  assert.equal(await focus(), 'after', 'Tab passes it once');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focus(), 'xterm-helper-textarea', 'and then no more');
  assert.deepEqual(await data(page), []);
});

terminalTestBelow(50, 'xterm: 100 MB of output, no long task and no growing memory', async (page) => {
  await open(page);
  const devtools = await page.context().newCDPSession(page);
  const memory = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  await page.evaluate(() => globalThis.ansi.write(new TextEncoder().encode('line of output\n'.repeat(10_000))));
  const before = await memory();
  let seconds = 0;
  const longest = await longestTask(page, async () => {
    seconds = await page.evaluate(async () => {
      const line = '\x1b[31mline of output\x1b[0m with some text that is as long as lines are in logs, or so\n';
      const chunk = new TextEncoder().encode(line.repeat(Math.ceil(65536 / line.length)));
      const start = performance.now();
      for (let sent = 0; sent < 100e6; sent += chunk.length) await globalThis.ansi.write(chunk.slice());
      return (performance.now() - start) / 1000;
    });
  });
  const grown = (await memory()) - before;
  const rows = (await text(page)).split('\n').length;
  console.log(`100 MB: ${seconds.toFixed(1)} s, longest task ${longest.toFixed(1)} ms, ${grown} bytes more`);
  assert.ok(rows <= 5100, `${rows} rows`);
  assert.ok(grown < 16e6, `${grown} bytes`);
  return longest;
});

terminalTest('xterm: writing leaves nothing behind that the next write must pass', {}, async (page) => {
  await open(page);
  const { added, settled } = await page.evaluate(async () => {
    let added = 0;
    const { addEventListener } = AbortSignal.prototype;
    AbortSignal.prototype.addEventListener = function (/** @type {any[]} */ ...rest) {
      added += 1;
      return Reflect.apply(addEventListener, this, rest);
    };
    for (let i = 0; i < 50; i++) await globalThis.ansi.write(new Uint8Array([0x61]));
    const last = globalThis.ansi.write(new Uint8Array([0x62]));
    globalThis.ansi.close();
    return { added, settled: await last.then(() => true) };
  });
  assert.equal(added, 0);
  assert.ok(settled, 'what is under way when it closes is let go');
});

terminalTest('xterm: characters take as many cells as in the grid of Aver programs', {}, async (page) => {
  await open(page, { mode: 'raw' });
  await page.evaluate(() => globalThis.openTerminal());
  const texts = [
    'a',
    'é',
    'e\u0301',
    '漢',
    '😀',
    '❤\ufe0f',
    '👍🏽',
    '👩\u200d👩\u200d👧',
    '🇦🇹',
    '🇦🇹🇩',
    '⚡x',
    'a\u200db',
    'a\u202eb',
  ];
  const columns = await page.evaluate(async (/** @type {string[]} */ texts) => {
    const found = [];
    for (const text of texts) {
      await globalThis.ansi.write(new TextEncoder().encode(`\r${text}\x1b[6n`));
      globalThis.screen.moveTo(0, 0);
      globalThis.print(text);
      globalThis.screen.flush();
      const report = globalThis.data.splice(0).join('');
      found.push({
        text,
        xterm: Number(report.slice(0, -1).split(';')[1]) - 1,
        grid: globalThis.reader.frame().cursor.column,
      });
    }
    return found;
  }, texts);
  for (const { text, xterm, grid } of columns) assert.equal(xterm, grid, text);
  assert.equal(columns[texts.indexOf('😀')].xterm, 2);
});

terminalTest(
  'xterm: Ctrl+V pastes where lines are edited, and is a key where the program has all',
  {},
  async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => navigator.clipboard.writeText('pasted'));
    await open(page);
    await page.evaluate(() => globalThis.ansi.focus());
    assert.match(await page.locator('.terminal-note').innerText(), /Ctrl\+V pastes/);
    await page.keyboard.press('Control+v');
    await page.waitForFunction(() => globalThis.ansi.text() === 'pasted\n');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => globalThis.data.length > 0);
    assert.deepEqual(await data(page), ['pasted\n']);
    await page.evaluate(() => globalThis.ansi.setMode('raw'));
    await page.keyboard.press('Control+v');
    assert.deepEqual(await data(page), ['\x16']);
  },
);
