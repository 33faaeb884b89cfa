/**
 * The `path_*` calls: a path from the guest's memory is walked to a place (resolve.js), and the directory there is asked.
 */

import { newTimes, readRights, writeFilestat } from './descriptor-calls.js';
import { Descriptor } from './descriptors.js';
import * as E from './errno.js';
import {
  ALL_FDFLAGS,
  ALL_OFLAGS,
  DIRECTORY_RIGHTS,
  FDFLAG,
  FILETYPE,
  FILE_RIGHTS,
  OFLAG,
  RIGHT,
  SYMLINK_FOLLOW,
} from './numbers.js';
import { Place, readPath } from './resolve.js';

/** @import { Host } from './index.js' */
/** @import { Opened } from './inode.js' */

/** @param {Host} host */
export function pathCalls(host) {
  const { access, descriptors, layout } = host;
  const { slots } = descriptors;

  /**
   * Walks to where a path leads and calls `use` there: status. A slash at the end makes a link be followed.
   * @param {number} fd @param {number} right @param {string | number} path or an error number
   * @param {'follow' | 'stay' | 'stay on links'} end `stay on links`: even when a slash follows
   * @param {(place: Place) => number} use
   */
  const within = (fd, right, path, end, use) => {
    const descriptor = slots[fd];
    if (descriptor === undefined) return E.EBADF;
    if (descriptor.directory === null) return E.ENOTDIR;
    if ((descriptor.rights & right) !== right) return E.ENOTCAPABLE;
    if (typeof path === 'number') return path;
    const place = new Place(descriptor.directory);
    try {
      const status = place.walk(path, end === 'follow' || (end === 'stay' && path.endsWith('/')));
      return status === E.SUCCESS ? use(place) : status;
    } finally {
      place.release();
    }
  };

  /** @param {number} pointer @param {number} length */
  const pathAt = (pointer, length) => {
    access.refresh();
    return readPath(access, pointer, length);
  };

  /** @param {number} flags */
  const endFor = (flags) => ((flags & SYMLINK_FOLLOW) !== 0 ? 'follow' : 'stay');

  /** What a new name with a slash behind it is: only a directory can be made so. @param {Place} place @param {number} taken */
  const slashRefused = (place, taken) => {
    const stat = place.directory.stat(place.name);
    if (typeof stat === 'number') return -stat;
    return stat.filetype === FILETYPE.DIRECTORY ? taken : E.ENOTDIR;
  };

  /** Whether the rights asked for can be had: status. @param {Place} place @param {number} excess beyond those inherited */
  const rightsAllowed = (place, excess) => {
    if (excess === 0) return E.SUCCESS;
    const stat = place.directory.stat(place.name);
    const isDirectory = typeof stat !== 'number' && stat.filetype === FILETYPE.DIRECTORY;
    return (excess & (isDirectory ? DIRECTORY_RIGHTS : FILE_RIGHTS)) === 0 ? E.SUCCESS : E.ENOTCAPABLE;
  };

  /**
   * Whether files opened from this directory may change their size: then they may as well be truncated in opening them. Go
   * opens directories without PATH_FILESTAT_SET_SIZE, and truncates from them.
   * @param {number} fd
   */
  const resizes = (fd) => ((slots[fd]?.inheriting ?? 0) & RIGHT.FD_FILESTAT_SET_SIZE) !== 0;

  return {
    /** @param {number} fd @param {number} pointer @param {number} length */
    path_create_directory(fd, pointer, length) {
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_CREATE_DIRECTORY, path, 'stay on links', (place) =>
        place.directory.makeDirectory(place.name),
      );
    },

    /** @param {number} fd @param {number} flags @param {number} pointer @param {number} length @param {number} result */
    path_filestat_get(fd, flags, pointer, length, result) {
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_FILESTAT_GET, path, endFor(flags), (place) => {
        if (!access.holds(result, layout.filestatBytes)) return E.EFAULT;
        host.stamps.passed();
        const stat = place.directory.stat(place.name);
        if (typeof stat === 'number') return -stat;
        if (place.slash && stat.filetype !== FILETYPE.DIRECTORY) return E.ENOTDIR;
        writeFilestat(host, result >>> 0, stat);
        return E.SUCCESS;
      });
    },

    /**
     * @param {number} fd @param {number} flags @param {number} pointer @param {number} length
     * @param {bigint} accessed @param {bigint} modified @param {number} timeFlags
     */
    path_filestat_set_times(fd, flags, pointer, length, accessed, modified, timeFlags) {
      const path = pathAt(pointer, length);
      const times = newTimes(accessed, modified, timeFlags);
      return within(fd, RIGHT.PATH_FILESTAT_SET_TIMES, path, endFor(flags), ({ directory, name, slash }) => {
        if (times === null) return E.EINVAL;
        const stat = slash ? directory.stat(name) : null;
        if (typeof stat === 'number') return -stat;
        if (stat !== null && stat.filetype !== FILETYPE.DIRECTORY) return E.ENOTDIR;
        return directory.setTimes(name, times.accessed, times.modified);
      });
    },

    /**
     * @param {number} fd @param {number} flags @param {number} pointer @param {number} length
     * @param {number} newFd @param {number} newPointer @param {number} newLength
     */
    path_link(fd, flags, pointer, length, newFd, newPointer, newLength) {
      const path = pathAt(pointer, length);
      const newPath = pathAt(newPointer, newLength);
      // To link what a link leads to is refused, as other hosts do: it could not be done without a race.
      if ((flags & SYMLINK_FOLLOW) !== 0) return E.EINVAL;
      return within(fd, RIGHT.PATH_LINK_SOURCE, path, 'stay on links', (from) =>
        within(newFd, RIGHT.PATH_LINK_TARGET, newPath, 'stay on links', (to) => {
          if (from.slash) return slashRefused(from, E.EPERM);
          if (to.slash) return slashRefused(to, E.EEXIST);
          if (from.directory.system !== to.directory.system) return E.EXDEV;
          return from.directory.link(from.name, to.directory, to.name);
        }),
      );
    },

    /**
     * @param {number} fd @param {number} flags @param {number} pointer @param {number} length @param {number} oflags
     * @param {bigint} base @param {bigint} inheriting @param {number} fdflags @param {number} result
     */
    path_open(fd, flags, pointer, length, oflags, base, inheriting, fdflags, result) {
      const path = pathAt(pointer, length);
      if ((oflags & ~ALL_OFLAGS) !== 0 || (fdflags & ~ALL_FDFLAGS) !== 0) return E.EINVAL;
      const create = (oflags & OFLAG.CREAT) !== 0;
      const exclusive = create && (oflags & OFLAG.EXCL) !== 0;
      const truncate = (oflags & OFLAG.TRUNC) !== 0;
      const directoryOnly = (oflags & OFLAG.DIRECTORY) !== 0;
      if (create && directoryOnly) return E.EINVAL;
      let needed = RIGHT.PATH_OPEN;
      if (create) needed |= RIGHT.PATH_CREATE_FILE;
      if (truncate && !resizes(fd)) needed |= RIGHT.PATH_FILESTAT_SET_SIZE;

      return within(fd, needed, path, exclusive ? 'stay on links' : endFor(flags), (place) => {
        if (!access.holds(result, 4)) return E.EFAULT;
        if (create && place.slash) return E.EISDIR;
        const descriptor = /** @type {Descriptor} */ (slots[fd]);
        const rights = readRights(base);
        const inherited = readRights(inheriting);
        let synchronous = 0;
        if ((fdflags & FDFLAG.DSYNC) !== 0) synchronous |= RIGHT.FD_DATASYNC;
        if ((fdflags & (FDFLAG.SYNC | FDFLAG.RSYNC)) !== 0) synchronous |= RIGHT.FD_SYNC;
        if (((inherited | synchronous) & ~descriptor.inheriting) !== 0) return E.ENOTCAPABLE;
        const status = rightsAllowed(place, rights & ~descriptor.inheriting);
        if (status !== E.SUCCESS) return status;

        const opened = place.directory.open(place.name, {
          create,
          exclusive,
          truncate,
          mustBeDirectory: directoryOnly || place.slash,
          read: (rights & RIGHT.FD_READ) !== 0,
          write: (rights & RIGHT.FD_WRITE) !== 0,
        });
        if (typeof opened === 'number') return -opened;
        return install(opened, rights, inherited, fdflags, result);
      });
    },

    /** @param {number} fd @param {number} pointer @param {number} length @param {number} buffer @param {number} size @param {number} result */
    path_readlink(fd, pointer, length, buffer, size, result) {
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_READLINK, path, 'stay', (place) => {
        if (!access.holds(buffer, size) || !access.holds(result, 4)) return E.EFAULT;
        if (place.slash) return slashRefused(place, E.EINVAL);
        const target = place.name === '.' ? -E.EINVAL : place.directory.linkTarget(place.name);
        if (typeof target === 'number') return -target;
        const bytes = new TextEncoder().encode(target).subarray(0, size >>> 0);
        access.bytes.set(bytes, buffer >>> 0);
        access.view.setUint32(result >>> 0, bytes.length, true);
        return E.SUCCESS;
      });
    },

    /** @param {number} fd @param {number} pointer @param {number} length */
    path_remove_directory(fd, pointer, length) {
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_REMOVE_DIRECTORY, path, 'stay on links', (place) =>
        place.name === '.' ? E.EINVAL : place.directory.removeDirectory(place.name),
      );
    },

    /** @param {number} fd @param {number} pointer @param {number} length @param {number} newFd @param {number} newPointer @param {number} newLength */
    path_rename(fd, pointer, length, newFd, newPointer, newLength) {
      const path = pathAt(pointer, length);
      const newPath = pathAt(newPointer, newLength);
      return within(fd, RIGHT.PATH_RENAME_SOURCE, path, 'stay on links', (from) =>
        within(newFd, RIGHT.PATH_RENAME_TARGET, newPath, 'stay on links', (to) => {
          if (from.name === '.' || to.name === '.') return E.EBUSY;
          if (from.directory.system !== to.directory.system) return E.EXDEV;
          return from.directory.rename(from.name, to.directory, to.name, from.slash || to.slash);
        }),
      );
    },

    /** @param {number} target @param {number} targetLength @param {number} fd @param {number} pointer @param {number} length */
    path_symlink(target, targetLength, fd, pointer, length) {
      const old = pathAt(target, targetLength);
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_SYMLINK, path, 'stay on links', (place) => {
        if (typeof old === 'number') return old;
        if (old === '') return E.ENOENT;
        if (old.startsWith('/')) return E.ENOTCAPABLE;
        if (place.slash) return slashRefused(place, E.EEXIST);
        return place.directory.makeLink(place.name, old);
      });
    },

    /** @param {number} fd @param {number} pointer @param {number} length */
    path_unlink_file(fd, pointer, length) {
      const path = pathAt(pointer, length);
      return within(fd, RIGHT.PATH_UNLINK_FILE, path, 'stay on links', (place) =>
        place.name === '.' ? E.EISDIR : place.directory.unlink(place.name, place.slash),
      );
    },
  };

  /** @param {Opened} opened @param {number} rights @param {number} inheriting @param {number} flags @param {number} result */
  function install(opened, rights, inheriting, flags, result) {
    const descriptor =
      opened.file === null
        ? Descriptor.ofDirectory(opened.directory, rights, inheriting, flags)
        : Descriptor.ofFile(opened.file, rights, inheriting, flags);
    const number = descriptors.add(descriptor);
    if (number < 0) {
      descriptor.release();
      return -number;
    }
    access.view.setUint32(result >>> 0, number, true);
    return E.SUCCESS;
  }
}
