// Issue 4: the page before its first run has less than 150 KB compressed; everything else is fetched when it is needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { project } from '../lib/files.mjs';
import { e2e, ended, openDialog } from './harness.js';

const AFTER_THE_RUN = /(isolation-\w+\.js|late\.\w+\.css)$/;

e2e('what is fetched before the first run stays small', {}, async (page) => {
  const context = await page.context().browser()?.newContext({ serviceWorkers: 'block' });
  assert.ok(context);
  const fresh = await context.newPage();
  /** @type {Set<string>} */
  const asked = new Set();
  context.on('request', (request) => asked.add(new URL(request.url()).pathname.slice(1) || 'index.html'));
  // What registers the service worker is asked for when the first run is over, with styles of paper and of fingers: that ends without it.
  await fresh.route(AFTER_THE_RUN, () => {});
  await fresh.goto(page.url());
  await ended(fresh);
  for (const name of asked) if (AFTER_THE_RUN.test(name)) asked.delete(name);
  const sizes = [...asked].map((name) => gzipSync(readFileSync(join(project, 'web/dist', name)), { level: 9 }).length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const names = [...asked].join(' ');
  assert.match(names, /index\.html .*main-.*jsrust-interpreter/);
  assert.ok(sum > 100_000 && sum < 150_000, `${sum} bytes: ${names}`);
  assert.doesNotMatch(
    names,
    /share-|stepping|module|options-|help-|paste-|find-|picker|guest|tools|compiled|runs-|jsrust-backend/,
  );

  await openDialog(fresh, 'Control+/', 'Keyboard shortcuts');
  assert.match([...asked].join(' '), /help-/);
  await context.close();
});
