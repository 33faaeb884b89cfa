/** Errors of Node's file system calls as WASI's error numbers. */

import { EIO, ERRNO_BY_NAME } from '../abi/wasi/errno.js';

/** @param {unknown} error */
export function errnoOf(error) {
  const code = /** @type {{ code?: unknown }} */ (error).code;
  return (typeof code === 'string' ? ERRNO_BY_NAME[code] : undefined) ?? EIO;
}

/**
 * Runs a call that gives nothing: status.
 * @param {() => void} call
 */
export function statusOf(call) {
  try {
    call();
    return 0;
  } catch (error) {
    return errnoOf(error);
  }
}
