// Chromium, or the engine that BROWSER names (firefox, webkit), and serve.py for tests that need a page.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright-core';
import { project } from './files.mjs';
import { launchWebkit } from './webkit.mjs';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Runs the Chromium of the environment without what only costs time. */
const LEAN = join(project, 'tests/lib/chromium.sh');

/** Debian's browser, or the one that CHROMIUM names. */
export function launchBrowser() {
  if (process.env.BROWSER === 'webkit') return launchWebkit();
  if (process.env.BROWSER === 'firefox') {
    return firefox.launch({ channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' });
  }
  const CHROMIUM = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
  // Root, as in a container, cannot use Chromium's own sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];
  if (!CHROMIUM) return chromium.launch({ args });
  return chromium.launch({ executablePath: LEAN, env: { ...process.env, CHROMIUM }, args });
}

/** serve.py on a free port, over a folder that is built already. */
export async function serveFolder(/** @type {string} */ root) {
  const child = spawn('python3', [join(project, 'serve.py'), '0', '--no-build', '--quiet', '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {string} */
  const line = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('error', reject).once('exit', (status) => reject(new Error(`serve.py ended with ${status}`)));
  });
  const url = /http:\/\/\S+/.exec(line)?.[0];
  if (!url) throw new Error(`serve.py said: ${line}`);
  return { url, close: () => child.kill() };
}
