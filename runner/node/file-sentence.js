/** Why a file of the host cannot be used, in our words where the system's error is a known one. */
import { ERRNO_BY_NAME, describeErrno } from '../abi/wasi/errno.js';
import { sentenceOf } from '../result.js';

/** @param {unknown} thrown by Node's file system calls, or with a sentence of ours */
export function fileSentence(thrown) {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const number = typeof code === 'string' ? ERRNO_BY_NAME[code] : undefined;
  return (number === undefined ? undefined : describeErrno(number)?.sentence) ?? sentenceOf(thrown);
}
