/**
 * `poll_oneoff`: waits for clocks and descriptors, asleep while there is nothing to do. Files and outputs are always
 * ready; standard input is when there are bytes, or none will come.
 */

import { until } from '../../guest/until.js';
import * as E from './errno.js';
import { ABSOLUTE_TIME, CLOCK, EVENT, HANGUP, RIGHT } from './numbers.js';

/** @import { Host } from './index.js' */
/**
 * One subscription. `deadline` is in milliseconds of the monotonic clock; `status` an error that makes it ready at once.
 * @typedef {{ userdata: bigint, type: number, status: number, deadline: number, descriptor: Descriptor | null }} Subscription
 */
/** @import { Descriptor } from './descriptors.js' */

const EVENT_BYTES = 32;
/** More than there can be descriptors and clocks to wait for; each is an object while the call lasts. */
const MOST_SUBSCRIPTIONS = 100_000;
/** Room that an output says it has. */
const WRITABLE_BYTES = 65536;

/** @param {Host} host */
export function pollCalls({ io, access, descriptors, layout, stamps }) {
  const { clock, stdin } = io;

  /** @param {number} at @returns {Subscription | null} null when there is no such type */
  const readSubscription = (at) => {
    const userdata = access.view.getBigUint64(at, true);
    const type = access.view.getUint8(at + 8);
    if (type === EVENT.CLOCK) return { userdata, type, descriptor: null, ...readClock(at + layout.clock) };
    if (type > EVENT.FD_WRITE) return null;
    const fd = access.view.getInt32(at + 16, true);
    const descriptor = descriptors.slots[fd] ?? null;
    return { userdata, type, descriptor, deadline: Infinity, status: pollable(type, descriptor) };
  };

  /** @param {number} at */
  const readClock = (at) => {
    const id = access.view.getUint32(at, true);
    if (id > CLOCK.THREAD_CPUTIME) return { status: E.EINVAL, deadline: Infinity };
    const time = access.view.getBigUint64(at + 8, true);
    const absolute = (access.view.getUint16(at + 24, true) & ABSOLUTE_TIME) !== 0;
    if (!absolute) return { status: E.SUCCESS, deadline: clock.monotonic() + Number(time) / 1e6 };
    const sinceStart = id === CLOCK.REALTIME ? time - clock.origin : time;
    return { status: E.SUCCESS, deadline: Number(sinceStart) / 1e6 };
  };

  /** @param {number} type @param {Descriptor | null} descriptor */
  const pollable = (type, descriptor) => {
    if (descriptor === null) return E.EBADF;
    const right = type === EVENT.FD_READ ? RIGHT.FD_READ : RIGHT.FD_WRITE;
    if (descriptor.directory !== null || (descriptor.rights & right) === 0) return E.EBADF;
    return (descriptor.rights & RIGHT.POLL_FD_READWRITE) === 0 ? E.ENOTCAPABLE : E.SUCCESS;
  };

  const inputReady = () => stdin.available() > 0 || stdin.ended() || io.mode === 'prepared';

  /** @param {Subscription} subscription */
  const isReady = ({ type, status, deadline, descriptor }) => {
    if (status !== E.SUCCESS) return true;
    if (type === EVENT.CLOCK) return clock.monotonic() >= deadline;
    return type === EVENT.FD_WRITE || descriptor?.stream !== 0 || inputReady();
  };

  /** @param {number} at @param {Subscription} subscription */
  const writeEvent = (at, { userdata, type, status, descriptor }) => {
    const { view, bytes } = access;
    bytes.fill(0, at, at + EVENT_BYTES);
    view.setBigUint64(at, userdata, true);
    view.setUint16(at + 8, status, true);
    view.setUint8(at + 10, type);
    if (type === EVENT.CLOCK || status !== E.SUCCESS || descriptor === null) return;
    if (type === EVENT.FD_WRITE) {
      access.setWhole(at + 16, WRITABLE_BYTES);
    } else if (descriptor.stream === 0) {
      access.setWhole(at + 16, stdin.available());
      if (stdin.available() === 0) view.setUint16(at + 24, HANGUP, true);
    } else if (descriptor.file !== null) {
      access.setWhole(at + 16, Math.max(0, descriptor.file.size() - descriptor.position));
    }
  };

  return {
    /** @param {number} input @param {number} output @param {number} count @param {number} result */
    poll_oneoff(input, output, count, result) {
      access.refresh();
      const number = count >>> 0;
      if (number === 0 || number > MOST_SUBSCRIPTIONS) return E.EINVAL;
      const inputEnd = (input >>> 0) + number * layout.subscriptionBytes;
      const outputEnd = (output >>> 0) + number * EVENT_BYTES;
      if (inputEnd > access.bytes.length || outputEnd > access.bytes.length || !access.holds(result, 4)) {
        return E.EFAULT;
      }
      /** @type {Subscription[]} */
      const subscriptions = [];
      let deadline = Infinity;
      for (let at = input >>> 0; at < inputEnd; at += layout.subscriptionBytes) {
        const subscription = readSubscription(at);
        if (subscription === null) return E.EINVAL;
        subscriptions.push(subscription);
        deadline = Math.min(deadline, subscription.deadline);
      }

      const finish = () => {
        access.refresh();
        stamps.passed();
        const ready = subscriptions.filter(isReady);
        for (const [index, subscription] of ready.entries()) {
          writeEvent((output >>> 0) + index * EVENT_BYTES, subscription);
        }
        access.view.setUint32(result >>> 0, ready.length, true);
        return E.SUCCESS;
      };
      const reads = subscriptions.some(({ type }) => type === EVENT.FD_READ);
      if (subscriptions.some(isReady)) {
        // A program that only asks, again and again, must let its input arrive.
        const turned = reads ? io.turn() : undefined;
        return typeof turned === 'object' ? turned.then(finish) : finish();
      }
      io.waiting(reads ? 'input' : 'sleep');
      // Once the deadline has passed the clock that set it is ready, so there is always an event.
      const waited = until(io, () => (reads && inputReady() ? true : undefined), deadline);
      const resume = () => {
        io.waiting(null);
        return finish();
      };
      return typeof waited === 'object' ? waited.then(resume) : resume();
    },
  };
}
