// WebKitGTK by its WebDriver, with as much of playwright's interface as the conformance tests use: Debian has no WebKit that
// playwright can drive. Needs webkit2gtk-driver and a display (`xvfb-run -a`).
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const PATIENCE_MS = 120_000;
const START_MS = 10_000;
const LOOK_MS = 50;

/** @returns {Promise<number>} that nobody listens on */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
}

/** A driver serves one browser. @returns {Promise<any>} a playwright Browser, as far as it goes */
export async function launchWebkit() {
  const port = await freePort();
  // WebKitGTK gives isolated pages shared memory, as Safari does, only when told so.
  const env = { ...process.env, JSC_useSharedArrayBuffer: '1' };
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
  const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {object} */ body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const options = { args: ['--automation'], binary: process.env.MINI_BROWSER ?? MINI_BROWSER };
  const alwaysMatch = { timeouts: { script: PATIENCE_MS }, 'webkitgtk:browserOptions': options };
  const started = Date.now();
  /** @type {{ sessionId: string } | null} */
  let session = null;
  while (!session) {
    try {
      session = await call('POST', '/session', { capabilities: { alwaysMatch } });
    } catch (fault) {
      if (Date.now() - started > START_MS) throw fault;
      await wait(LOOK_MS);
    }
  }
  const path = `/session/${session.sessionId}`;
  const evaluate = async (/** @type {string} */ expression) => {
    const script = `const done = arguments[arguments.length - 1];
      (async () => (${expression}\n))().then((value) => done(JSON.stringify({ value })), (thrown) => done(JSON.stringify({ thrown: String(thrown) })));`;
    const { value, thrown } = JSON.parse(await call('POST', `${path}/execute/async`, { script, args: [] }));
    if (thrown) throw new Error(thrown);
    return value;
  };
  const page = {
    goto: (/** @type {string} */ url) => call('POST', `${path}/url`, { url }),
    evaluate,
    async waitForFunction(/** @type {string} */ expression) {
      const began = Date.now();
      while (!(await evaluate(expression))) {
        if (Date.now() - began > PATIENCE_MS) throw new Error(`waited in vain for ${expression}`);
        await wait(LOOK_MS);
      }
    },
    close: async () => {},
  };
  return {
    newPage: async () => page,
    async close() {
      await fetch(`http://127.0.0.1:${port}${path}`, { method: 'DELETE' }).catch(() => {});
      driver.kill();
    },
  };
}
