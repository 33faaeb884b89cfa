/**
 * `proc_*`, `sched_yield`, `random_get` and `sock_*`. There are no sockets: those calls say so of what is open.
 */

import { GuestExit, GuestTrap } from '../../guest/ends.js';
import * as E from './errno.js';

/** @import { Host } from './index.js' */

/** In the order of their numbers (witx `signal`), with what POSIX does when nobody handles them. @type {readonly (readonly [string, 'end' | 'ignore' | 'stop'])[]} */
const SIGNALS = [
  ['none', 'ignore'],
  ['SIGHUP', 'end'],
  ['SIGINT', 'end'],
  ['SIGQUIT', 'end'],
  ['SIGILL', 'end'],
  ['SIGTRAP', 'end'],
  ['SIGABRT', 'end'],
  ['SIGBUS', 'end'],
  ['SIGFPE', 'end'],
  ['SIGKILL', 'end'],
  ['SIGUSR1', 'end'],
  ['SIGSEGV', 'end'],
  ['SIGUSR2', 'end'],
  ['SIGPIPE', 'ignore'],
  ['SIGALRM', 'end'],
  ['SIGTERM', 'end'],
  ['SIGCHLD', 'ignore'],
  ['SIGCONT', 'ignore'],
  ['SIGSTOP', 'stop'],
  ['SIGTSTP', 'stop'],
  ['SIGTTIN', 'stop'],
  ['SIGTTOU', 'stop'],
  ['SIGURG', 'ignore'],
  ['SIGXCPU', 'end'],
  ['SIGXFSZ', 'end'],
  ['SIGVTALRM', 'end'],
  ['SIGPROF', 'end'],
  ['SIGWINCH', 'ignore'],
  ['SIGPOLL', 'end'],
  ['SIGPWR', 'end'],
  ['SIGSYS', 'end'],
];

/** @param {Host} host */
export function processCalls({ io, access, descriptors }) {
  /** A directory is no more a stream than a number that is not open. @param {number} fd */
  const notSocket = (fd) => {
    const descriptor = descriptors.slots[fd];
    return descriptor === undefined || descriptor.directory !== null ? E.EBADF : E.ENOTSOCK;
  };

  return {
    /** @param {number} status */
    proc_exit(status) {
      throw new GuestExit(status >>> 0);
    },

    /** @param {number} signal */
    proc_raise(signal) {
      const row = SIGNALS[signal];
      if (row === undefined) return E.EINVAL;
      const [name, action] = row;
      if (action === 'end') throw new GuestTrap(`the program raised ${name}`);
      // Nobody could let a program that has stopped itself go on.
      return action === 'stop' ? E.ENOTSUP : E.SUCCESS;
    },

    /** @returns {number | Promise<number>} */
    sched_yield() {
      const turned = io.turn();
      return typeof turned === 'object' ? turned.then(() => E.SUCCESS) : E.SUCCESS;
    },

    /** @param {number} buffer @param {number} length */
    random_get(buffer, length) {
      access.refresh();
      if (!access.holds(buffer, length)) return E.EFAULT;
      if (length !== 0) io.random.fill(access.window(buffer >>> 0, length >>> 0));
      return E.SUCCESS;
    },

    sock_accept: notSocket,
    sock_recv: notSocket,
    sock_send: notSocket,
    sock_shutdown: notSocket,
  };
}
