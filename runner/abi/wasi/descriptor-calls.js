/**
 * The calls about an open descriptor itself: its state and rights, the file's attributes, closing and renumbering.
 */

import * as E from './errno.js';
import { ALL_FDFLAGS, ALL_FSTFLAGS, ALL_RIGHTS, FSTFLAG, RIGHT } from './numbers.js';

/** @import { Descriptor } from './descriptors.js' */
/** @import { Host } from './index.js' */
/** @import { NewTime, Stat } from './inode.js' */

const TWO_64 = 1n << 64n;
const NORMAL_ADVICE = 5;
const STANDARD_STREAMS = 3;

/**
 * Writes a file's attributes; the place has been checked.
 * @param {Host} host @param {number} at @param {Stat} stat
 */
export function writeFilestat({ access, layout }, at, stat) {
  const { view } = access;
  access.bytes.fill(0, at, at + layout.filestatBytes);
  view.setBigUint64(at, stat.device, true);
  view.setBigUint64(at + 8, stat.inode, true);
  view.setUint8(at + 16, stat.filetype);
  if (layout.wideLinkCount) view.setBigUint64(at + 24, stat.links, true);
  else view.setUint32(at + 20, Number(stat.links), true);
  view.setBigUint64(at + layout.filestatSize, stat.size, true);
  view.setBigUint64(at + layout.filestatSize + 8, stat.accessed, true);
  view.setBigUint64(at + layout.filestatSize + 16, stat.modified, true);
  view.setBigUint64(at + layout.filestatSize + 24, stat.changed, true);
}

/**
 * What the flags make of two times, or null when they contradict each other.
 * @param {bigint} accessed @param {bigint} modified @param {number} flags
 * @returns {{ accessed: NewTime, modified: NewTime } | null}
 */
export function newTimes(accessed, modified, flags) {
  if ((flags & ~ALL_FSTFLAGS) !== 0) return null;
  /** @param {bigint} time @param {number} set @param {number} now @returns {NewTime | undefined} */
  const one = (time, set, now) => {
    const both = set | now;
    if ((flags & both) === both) return undefined;
    if ((flags & now) !== 0) return 'now';
    return (flags & set) !== 0 ? BigInt.asUintN(64, time) : null;
  };
  const first = one(accessed, FSTFLAG.ATIM, FSTFLAG.ATIM_NOW);
  const second = one(modified, FSTFLAG.MTIM, FSTFLAG.MTIM_NOW);
  return first === undefined || second === undefined ? null : { accessed: first, modified: second };
}

/**
 * Rights as the guest gives them. Those that are not defined mean nothing.
 * @param {bigint} rights
 */
export function readRights(rights) {
  return Number(BigInt.asUintN(64, rights) & BigInt(ALL_RIGHTS));
}

/** @param {Host} host */
export function descriptorCalls(host) {
  const { io, access, descriptors, layout, stamps } = host;
  const { slots } = descriptors;
  const started = io.clock.origin;

  /** Whether a descriptor is open and has a right: status. @param {Descriptor | undefined} descriptor @param {number} right */
  const may = (descriptor, right) => {
    if (descriptor === undefined) return E.EBADF;
    return (descriptor.rights & right) === 0 ? E.ENOTCAPABLE : E.SUCCESS;
  };

  /** A region of a file as the guest gives it: status, of one that needs a file. @param {number} fd @param {number} right @param {bigint} offset @param {bigint} length */
  const region = (fd, right, offset, length) => {
    const descriptor = slots[fd];
    if (descriptor === undefined) return E.EBADF;
    if (descriptor.file === null) return descriptor.stream >= 0 ? E.ESPIPE : E.EISDIR;
    if ((descriptor.rights & right) === 0) return E.ENOTCAPABLE;
    return offset < 0n || length < 0n || offset + length >= TWO_64 / 2n ? E.EINVAL : E.SUCCESS;
  };

  /** @param {Descriptor} descriptor @returns {Stat | number} */
  const statOf = (descriptor) => {
    if (descriptor.file !== null) return descriptor.file.stat();
    if (descriptor.directory !== null) return descriptor.directory.stat('.');
    return {
      device: 0n,
      inode: BigInt(descriptor.stream),
      filetype: descriptor.filetype,
      links: 1n,
      size: 0n,
      accessed: started,
      modified: started,
      changed: started,
    };
  };

  /** @param {number} fd @param {number} right @param {boolean} dataOnly */
  const sync = (fd, right, dataOnly) => {
    const descriptor = slots[fd];
    if (descriptor !== undefined && descriptor.stream >= 0) return E.EINVAL;
    const status = may(descriptor, right);
    if (status !== E.SUCCESS) return status;
    io.filed();
    return descriptor?.file?.sync(dataOnly) ?? E.SUCCESS;
  };

  return {
    /** @param {number} fd @param {bigint} offset @param {bigint} length @param {number} advice */
    fd_advise(fd, offset, length, advice) {
      const status = region(fd, RIGHT.FD_ADVISE, offset, length);
      if (status !== E.SUCCESS) return status;
      return advice >>> 0 > NORMAL_ADVICE ? E.EINVAL : E.SUCCESS;
    },

    /** @param {number} fd @param {bigint} offset @param {bigint} length */
    fd_allocate(fd, offset, length) {
      const status = region(fd, RIGHT.FD_ALLOCATE, offset, length);
      if (status !== E.SUCCESS) return status;
      if (length === 0n) return E.EINVAL;
      const { file, rights } = /** @type {Descriptor} */ (slots[fd]);
      if ((rights & RIGHT.FD_WRITE) === 0) return E.EBADF;
      const end = Number(offset + length);
      if (!Number.isSafeInteger(end)) return E.EFBIG;
      const size = file?.size() ?? 0;
      if (size < 0) return -size;
      return end > size ? (file?.setSize(end) ?? E.EBADF) : E.SUCCESS;
    },

    /** @param {number} fd */
    fd_close(fd) {
      if (slots[fd] === undefined) return E.EBADF;
      descriptors.close(fd);
      io.filed();
      return E.SUCCESS;
    },

    fd_datasync: (/** @type {number} */ fd) => sync(fd, RIGHT.FD_DATASYNC, true),
    fd_sync: (/** @type {number} */ fd) => sync(fd, RIGHT.FD_SYNC, false),

    /** @param {number} fd @param {number} result */
    fd_fdstat_get(fd, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      access.refresh();
      if (!access.holds(result, 24)) return E.EFAULT;
      const at = result >>> 0;
      access.bytes.fill(0, at, at + 24);
      access.view.setUint8(at, descriptor.filetype);
      access.view.setUint16(at + 2, descriptor.flags, true);
      access.setWhole(at + 8, descriptor.rights);
      access.setWhole(at + 16, descriptor.inheriting);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} flags */
    fd_fdstat_set_flags(fd, flags) {
      const descriptor = slots[fd];
      const status = may(descriptor, RIGHT.FD_FDSTAT_SET_FLAGS);
      if (status !== E.SUCCESS) return status;
      if ((flags & ~ALL_FDFLAGS) !== 0) return E.EINVAL;
      /** @type {Descriptor} */ (descriptor).flags = flags;
      return E.SUCCESS;
    },

    /** @param {number} fd @param {bigint} base @param {bigint} inheriting */
    fd_fdstat_set_rights(fd, base, inheriting) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      const rights = BigInt.asUintN(64, base);
      const inherited = BigInt.asUintN(64, inheriting);
      const more = (rights & ~BigInt(descriptor.rights)) | (inherited & ~BigInt(descriptor.inheriting));
      if (more !== 0n) return E.ENOTCAPABLE;
      descriptor.rights = Number(rights);
      descriptor.inheriting = Number(inherited);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} result */
    fd_filestat_get(fd, result) {
      const descriptor = slots[fd];
      const status = may(descriptor, RIGHT.FD_FILESTAT_GET);
      if (status !== E.SUCCESS) return status;
      access.refresh();
      if (!access.holds(result, layout.filestatBytes)) return E.EFAULT;
      stamps.passed();
      const stat = statOf(/** @type {Descriptor} */ (descriptor));
      if (typeof stat === 'number') return -stat;
      writeFilestat(host, result >>> 0, stat);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {bigint} size */
    fd_filestat_set_size(fd, size) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if (descriptor.file === null) return descriptor.stream >= 0 ? E.EINVAL : E.EISDIR;
      if ((descriptor.rights & RIGHT.FD_FILESTAT_SET_SIZE) === 0) return E.ENOTCAPABLE;
      // As POSIX has it of what is open for reading only, whatever the right says: Go asks for that with every file.
      if (size < 0n || (descriptor.rights & RIGHT.FD_WRITE) === 0) return E.EINVAL;
      return Number.isSafeInteger(Number(size)) ? descriptor.file.setSize(Number(size)) : E.EFBIG;
    },

    /** @param {number} fd @param {bigint} accessed @param {bigint} modified @param {number} flags */
    fd_filestat_set_times(fd, accessed, modified, flags) {
      const descriptor = slots[fd];
      const status = may(descriptor, RIGHT.FD_FILESTAT_SET_TIMES);
      if (status !== E.SUCCESS) return status;
      const times = newTimes(accessed, modified, flags);
      if (times === null) return E.EINVAL;
      const { file, directory } = /** @type {Descriptor} */ (descriptor);
      if (file !== null) return file.setTimes(times.accessed, times.modified);
      return directory?.setTimes('.', times.accessed, times.modified) ?? E.ENOTCAPABLE;
    },

    /**
     * `to` must be open, but for the numbers of the standard streams: programs move standard output away, put a file in
     * its place, and move it back again.
     * @param {number} from @param {number} to
     */
    fd_renumber(from, to) {
      if (slots[from] === undefined || (slots[to] === undefined && to >>> 0 >= STANDARD_STREAMS)) return E.EBADF;
      descriptors.renumber(from, to);
      return E.SUCCESS;
    },
  };
}
