// A recording: the program runs once more, traced, and its events become a trace that can be stepped.

import { number } from '../format.js';
import { Trace } from './model.js';

/** @import { ClientLike, ClientRun } from '../../runner/client.js' */
/** @import { Limits } from '../../runner/limits.js' */
/** @import { Listing } from '../ir/listing.js' */

/** Events that a recording holds; the run is stopped there. */
const MOST_EVENTS = 1_000_000;

/**
 * @param {ClientLike} client
 * @param {{ bytes: Uint8Array, entry: string, limits: Limits, validate: boolean }} request
 * @param {Promise<Listing>} listing of the program: a short run is over before it has been read
 * @param {AbortSignal} signal when nobody wants it any more
 * @returns {{ run: ClientRun, trace: Promise<Trace | null | undefined> }} null: it has no steps; undefined: it was given up
 */
export function beginRecording(client, request, listing, signal) {
  const run = client.run({ ...request, trace: { events: MOST_EVENTS, stopWhenFull: true, text: false } });
  const build = async () => {
    const [{ trace: recorded }, lines] = await Promise.all([run.done, listing]);
    if (signal.aborted) return;
    const { events, count, dropped } = recorded;
    try {
      const given = { bytes: events ?? new Uint8Array(0), count, dropped, listing: lines };
      const trace = await Trace.build(given, signal);
      return trace.steps.length > 0 ? trace : null;
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  };
  return { run, trace: build() };
}

/** What a recording holds, in words. @param {number} dropped @param {number} events */
export function recordingText(dropped, events) {
  return dropped > 0 || events >= MOST_EVENTS
    ? `the first ${number(events)} events of the run`
    : `the whole run, ${number(events)} events`;
}
