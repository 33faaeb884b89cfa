/**
 * WASI preview 1 and its predecessor `wasi_unstable` as ABIs: the table of contents. The calls are in the *-calls.js
 * files and their neighbours, all made for one run over what `Host` holds; file systems are behind inode.js.
 */

import { GuestAccess } from './access.js';
import { clockCalls } from './clocks.js';
import { dataCalls } from './data-calls.js';
import { descriptorCalls } from './descriptor-calls.js';
import { Descriptor, Descriptors } from './descriptors.js';
import { directoryCalls } from './directory-calls.js';
import { PREVIEW1_LAYOUT, UNSTABLE_LAYOUT } from './layout.js';
import { MemorySystem } from './memory-system.js';
import { pathCalls } from './path-calls.js';
import { pollCalls } from './poll-calls.js';
import { processCalls } from './process.js';
import { RecentClock } from './recent-clock.js';
import { stringCalls } from './strings.js';
import { PREVIEW1_TABLE, UNSTABLE_TABLE } from './table.js';

/** @import { Abi, Guest, GuestIo, ServedAbi } from '../../guest/types.js' */
/** @import { OpenDirectory } from './inode.js' */
/** @import { Layout } from './layout.js' */

/**
 * What the calls of one run share.
 * @typedef {object} Host
 * @property {GuestIo} io
 * @property {GuestAccess} access
 * @property {Descriptors} descriptors
 * @property {RecentClock} stamps
 * @property {Layout} layout
 */
/** Opens a folder of the host; throws a sentence when it can't be. @typedef {(path: string) => OpenDirectory} OpenHostFolder */

/** @type {OpenHostFolder | null} */
let openHostFolder = null;

/**
 * Tells how host folders are opened. Node's side does so once; without it `dirs` are left out with a warning.
 * @param {OpenHostFolder} open
 */
export function setHostFolders(open) {
  openHostFolder = open;
}

/** @type {Abi} */
export const wasiPreview1 = {
  module: 'wasi_snapshot_preview1',
  title: 'WASI preview 1',
  kind: 'wasi',
  programTitle: 'WASI program',
  table: PREVIEW1_TABLE,
  serve: (io, guest) => serveWasi(io, guest, PREVIEW1_LAYOUT),
};

/** @type {Abi} */
export const wasiUnstable = {
  module: 'wasi_unstable',
  title: 'WASI preview 0 (unstable)',
  kind: 'wasi',
  programTitle: 'WASI program (older)',
  table: UNSTABLE_TABLE,
  serve: (io, guest) => serveWasi(io, guest, UNSTABLE_LAYOUT),
};

/** What a run has open: one for both interfaces, should a module import both. @type {WeakMap<GuestIo, OpenFiles>} */
const runs = new WeakMap();

/** @typedef {{ descriptors: Descriptors, memory: MemorySystem | null, stamps: RecentClock }} OpenFiles */

/**
 * @param {GuestIo} io @param {Guest} guest @param {Layout} layout
 * @returns {ServedAbi}
 */
function serveWasi(io, guest, layout) {
  const open = runs.get(io) ?? preopen(io);
  runs.set(io, open);
  const { descriptors, memory, stamps } = open;
  const host = { io, access: new GuestAccess(guest.memory), descriptors, stamps, layout };
  return {
    functions: {
      ...stringCalls(host),
      ...clockCalls(host),
      ...dataCalls(host),
      ...descriptorCalls(host),
      ...directoryCalls(host),
      ...pathCalls(host),
      ...pollCalls(host),
      ...processCalls(host),
    },
    close: () => descriptors.closeAll(),
    ...(memory && {
      generation: () => memory.generation,
      files: memory.files.bind(memory),
      fileCount: () => memory.count,
    }),
  };
}

/**
 * The descriptors that a program starts with. The tree in memory is preopened as `/`, and as `.` for programs built by
 * older SDKs, which look for relative paths there only; host folders go by the names that they were given. With host
 * folders and no files there is no tree in memory: a program sees what it was given and nothing else.
 * @param {GuestIo} io
 * @returns {OpenFiles}
 */
function preopen(io) {
  const { request, clock } = io;
  const descriptors = new Descriptors();
  const stamps = new RecentClock(clock);
  const { input, output } = request.terminal;
  for (const stream of [0, 1, 2]) descriptors.add(Descriptor.ofStream(stream, stream === 0 ? input : output));
  let memory = null;
  if (request.files.length > 0 || request.dirs.length === 0) {
    memory = new MemorySystem(stamps, request.limits.memory);
    memory.fill(request.files, (sentence) => io.warn(sentence));
    const taken = request.dirs.map(({ guest }) => guest);
    if (taken.includes('/')) io.warn('the files that were given cannot be seen, because a folder was given as `/`');
    for (const name of ['/', '.']) {
      if (!taken.includes(name)) descriptors.add(Descriptor.ofPreopened(memory.root, name));
    }
  }
  for (const { host, guest } of request.dirs) {
    if (openHostFolder === null) {
      io.warn(`the folder \`${host}\` was left out: there are no host folders here`);
      continue;
    }
    descriptors.add(Descriptor.ofPreopened(openHostFolder(host), guest));
  }
  return { descriptors, memory, stamps };
}
