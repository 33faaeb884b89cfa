/**
 * The error numbers of WASI preview 1 (witx `errno`): number, name and a sentence each. The functions return them, host
 * errors are looked up by name, and the trace of calls shows name and sentence.
 */

/** In the order of their numbers, from 0. @type {readonly (readonly [string, string])[]} */
const ROWS = [
  ['SUCCESS', 'no error'],
  ['E2BIG', 'the argument list is too long'],
  ['EACCES', 'permission denied'],
  ['EADDRINUSE', 'the address is in use'],
  ['EADDRNOTAVAIL', 'the address is not available'],
  ['EAFNOSUPPORT', 'the address family is not supported'],
  ['EAGAIN', 'nothing is there yet, and waiting was not asked for'],
  ['EALREADY', 'a connection is being made already'],
  ['EBADF', 'no such open descriptor, or not one for this'],
  ['EBADMSG', 'the message is bad'],
  ['EBUSY', 'the device or resource is busy'],
  ['ECANCELED', 'the operation was cancelled'],
  ['ECHILD', 'there is no child process'],
  ['ECONNABORTED', 'the connection was aborted'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was reset'],
  ['EDEADLK', 'it would wait for itself'],
  ['EDESTADDRREQ', 'a destination address is needed'],
  ['EDOM', 'the argument is outside the domain of the function'],
  ['EDQUOT', 'the quota is used up'],
  ['EEXIST', 'the file exists already'],
  ['EFAULT', "the address is outside the program's memory"],
  ['EFBIG', 'the file would be too large'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['EIDRM', 'the identifier was removed'],
  ['EILSEQ', 'the bytes are not UTF-8'],
  ['EINPROGRESS', 'the operation is under way'],
  ['EINTR', 'the call was interrupted'],
  ['EINVAL', 'an argument is not valid'],
  ['EIO', 'input or output failed'],
  ['EISCONN', 'the socket is connected already'],
  ['EISDIR', 'it is a directory'],
  ['ELOOP', 'too many symbolic links, or one that is not followed'],
  ['EMFILE', 'too many open descriptors'],
  ['EMLINK', 'too many links'],
  ['EMSGSIZE', 'the message is too large'],
  ['EMULTIHOP', 'the path needs several hops'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENETDOWN', 'the network is down'],
  ['ENETRESET', 'the network aborted the connection'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['ENFILE', 'too many open files in the system'],
  ['ENOBUFS', 'no buffer space is left'],
  ['ENODEV', 'there is no such device'],
  ['ENOENT', 'there is no such file or directory'],
  ['ENOEXEC', 'it is not an executable format'],
  ['ENOLCK', 'no lock is available'],
  ['ENOLINK', 'the link is severed'],
  ['ENOMEM', 'no memory is left'],
  ['ENOMSG', 'there is no message of that type'],
  ['ENOPROTOOPT', 'the protocol option is not available'],
  ['ENOSPC', 'no space is left'],
  ['ENOSYS', 'the function is not supported'],
  ['ENOTCONN', 'the socket is not connected'],
  ['ENOTDIR', 'it is not a directory'],
  ['ENOTEMPTY', 'the directory is not empty'],
  ['ENOTRECOVERABLE', 'the state cannot be recovered'],
  ['ENOTSOCK', 'it is not a socket'],
  ['ENOTSUP', 'it is not supported here'],
  ['ENOTTY', 'it is not a terminal'],
  ['ENXIO', 'there is no such device or address'],
  ['EOVERFLOW', 'the value is too large for its type'],
  ['EOWNERDEAD', 'the owner died'],
  ['EPERM', 'the operation is not permitted'],
  ['EPIPE', 'nobody reads what is written'],
  ['EPROTO', 'the protocol was violated'],
  ['EPROTONOSUPPORT', 'the protocol is not supported'],
  ['EPROTOTYPE', 'the protocol is wrong for the socket'],
  ['ERANGE', 'the result is too large'],
  ['EROFS', 'the file system is read-only'],
  ['ESPIPE', 'a stream has no positions'],
  ['ESRCH', 'there is no such process'],
  ['ESTALE', 'the handle is stale'],
  ['ETIMEDOUT', 'the time ran out'],
  ['ETXTBSY', 'the file is being run'],
  ['EXDEV', 'both ends must be in one file system'],
  ['ENOTCAPABLE', 'the descriptor lacks the right, or the path leads out of its directory'],
];

/** @type {Readonly<Record<string, number>>} by name, as in `ENOENT` */
export const ERRNO_BY_NAME = Object.freeze(Object.fromEntries(ROWS.map(([name], number) => [name, number])));

/**
 * Name and sentence of an error number, or null for a number that is none.
 * @param {number} number
 */
export function describeErrno(number) {
  const row = ROWS[number];
  return row === undefined ? null : { name: row[0], sentence: row[1] };
}

// Those that the functions return themselves, as constants that the engine folds.
export const SUCCESS = 0;
export const EAGAIN = 6;
export const EBADF = 8;
export const EBUSY = 10;
export const EEXIST = 20;
export const EFAULT = 21;
export const EFBIG = 22;
export const EILSEQ = 25;
export const EINVAL = 28;
export const EIO = 29;
export const EISDIR = 31;
export const ELOOP = 32;
export const EMFILE = 33;
export const ENAMETOOLONG = 37;
export const ENOENT = 44;
export const ENOSPC = 51;
export const ENOTDIR = 54;
export const ENOTEMPTY = 55;
export const ENOTSOCK = 57;
export const ENOTSUP = 58;
export const ENXIO = 60;
export const EOVERFLOW = 61;
export const EPERM = 63;
export const ESPIPE = 70;
export const EXDEV = 75;
export const ENOTCAPABLE = 76;
