// The terminal alone in a page of its own with the page's content policy: its parts are tested before and without the rest.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build } from 'esbuild';
import { serveFolder } from '../lib/browser.mjs';
import { ownFolder, project } from '../lib/files.mjs';
import { takesLess } from '../lib/timing.mjs';
import { ownBrowser } from './own-browser.js';
import { inOwnPage } from './own-page.js';

const FOLDER = ownFolder('terminal');
const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Terminal</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="page.css">
<script type="module" src="client.js"></script>
<body><button id="before">before</button><div id="place"></div><button id="after">after</button></body></html>`;
const CSS = `body { margin: 0 } #place { height: calc(100vh - 60px) }`;

const serving = buildPage().then(() => serveFolder(FOLDER));
after(async () => (await serving).close());

async function buildPage() {
  const common = { bundle: true, outdir: FOLDER, logLevel: /** @type {const} */ ('error') };
  const client = join(project, 'tests/e2e/terminal-client.js');
  await build({
    ...common,
    entryPoints: { client },
    format: 'esm',
    splitting: true,
    minify: true,
    loader: { '.css': 'text' },
  });
  const style = ['tokens', 'terminal'].map((name) => `@import './${name}.css';`).join('\n') + CSS;
  const stdin = { contents: style, resolveDir: join(project, 'web/style'), loader: /** @type {const} */ ('css') };
  await build({ ...common, outdir: undefined, stdin, outfile: join(FOLDER, 'page.css') });
  await writeFile(join(FOLDER, 'index.html'), HTML);
}

/**
 * @param {string} title
 * @param {import('playwright-core').BrowserContextOptions} setting
 * @param {(page: any) => Promise<void>} body
 */
export function terminalTest(title, setting, body) {
  test(title, { timeout: 300_000 }, () => withTerminals(title, setting, body));
}

/**
 * A test whose body gives the milliseconds that something took: as e2eBelow of harness.js.
 * @param {number} limit
 * @param {string} title
 * @param {(page: any) => Promise<number>} body
 */
export function terminalTestBelow(limit, title, body) {
  test(title, { timeout: 300_000 }, () => takesLess(limit, () => withTerminals(title, {}, body)));
}

/**
 * @template Result
 * @param {string} title
 * @param {import('playwright-core').BrowserContextOptions} setting
 * @param {(page: any) => Promise<Result>} body
 */
async function withTerminals(title, setting, body) {
  const [server, browser] = await Promise.all([serving, ownBrowser()]);
  const context = await browser.newContext({ viewport: { width: 900, height: 600 }, ...setting });
  return inOwnPage(context, title, async (page) => {
    await page.goto(server.url);
    await page.waitForFunction(() => 'openTerminal' in globalThis);
    return body(page);
  });
}
