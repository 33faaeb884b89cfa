/**
 * The guest's way to the world over shared memory: it may block, and whatever it sent is there even if its worker is
 * terminated the next moment.
 */
import { GuestEnd } from './channel.js';

/** @import { ChannelBuffers } from './channel.js' */
/** @import { Port } from './port.js' */

/** The longest that Atomics.wait is asked for at once. */
const WAIT_MOST = 2 ** 31 - 1;

/**
 * @param {ChannelBuffers} buffers
 * @param {(type: 'output' | 'room') => void} notify tells the other end
 * @returns {Port}
 */
export function createSharedPort(buffers, notify) {
  const end = new GuestEnd(buffers, notify);
  return {
    mode: 'shared',
    input: {
      readable: () => end.input.readable,
      read(into) {
        const length = end.input.read(into);
        if (length > 0) end.inputTaken();
        return length;
      },
      ended: () => end.inputEnded && end.input.readable === 0,
    },
    nextKey: () => end.nextKey(),
    send: (kind, bytes, start, stop) => end.send(kind, bytes, start, stop),
    wait: (milliseconds) => end.wait(Math.min(milliseconds, WAIT_MOST)),
    stopped: () => end.stopped,
    turn: () => undefined,
    setPages: (pages) => void (end.pages = pages),
    flush: () => end.wakeReader(),
  };
}
