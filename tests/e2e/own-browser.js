// The browser of this process, which every harness and all test files in it share: tests differ by their contexts, and to
// start one takes as long as a short test.
import { after } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';

const starting = launchBrowser();
after(async () => (await starting).close());

/** Started as soon as this is loaded: hooks of a file that comes after others' tests have begun would not be waited for. */
export const ownBrowser = () => starting;
