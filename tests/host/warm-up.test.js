// The worker's warm-up program is a valid file that runs until it is stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBackendFile } from '../../runner/node/backend-file.js';
import { warmUpSession } from '../../runner/warm-up.js';

test('the warm-up program runs, and ends by itself after a few milliseconds', async () => {
  const result = await warmUpSession(await loadBackendFile(null)).run();
  assert.equal(result.code, 40, result.message);
  assert.match(result.message, /time limit reached/);
  assert.ok(result.stats.steps > 10_000);
  assert.ok(result.stats.milliseconds < 500);
});

test('stopping it gives way to real work at once', async () => {
  const session = warmUpSession(await loadBackendFile(null));
  session.stop();
  const result = await session.run();
  assert.equal(result.message, 'stopped');
});
