// How the page compares the figures of both ways to run a program: only where they mean something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparison } from '../../web/compiled/figures.js';

const of = (/** @type {number} */ interpreted, /** @type {number} */ compiled) =>
  comparison(
    /** @type {any} */ ({
      interpreted: { outcome: 'ok', milliseconds: interpreted },
      compiled: { outcome: 'ok', milliseconds: compiled },
    }),
  );

test('a run that is mostly its start is not compared', () => {
  const short = 'Not compared: a run of less than 50 ms is mostly its start.';
  assert.equal(of(0.1, 6.3), short);
  assert.equal(of(4000, 8), short);
  assert.equal(of(4000, 100), 'Compiled code ran 40 times as fast.');
  assert.equal(of(60, 180), 'Compiled code ran 3.0 times as long.');
});
