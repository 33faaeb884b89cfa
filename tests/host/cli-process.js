// The command line as a process of its own, for the tests of it: run to its end, or left running.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { project } from '../lib/files.mjs';

const LOOK_MILLISECONDS = 20;
/** So many looks in a row at which nothing has moved are rest. */
const QUIET_LOOKS = 10;

export const MAIN = join(project, 'runner', 'main.js');

/** @param {string[]} words @param {object} [options] of spawnSync */
export function cli(words, options = {}) {
  const done = spawnSync(process.execPath, [MAIN, ...words], { timeout: 60_000, maxBuffer: 1 << 28, ...options });
  return { status: done.status, stdout: String(done.stdout ?? ''), stderr: String(done.stderr ?? ''), done };
}

/**
 * @param {string[]} words
 * @param {any} [stdio]
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<{ status: number | null, signal: string | null,
 *   stderr: string }> }}
 */
export function start(words, stdio = ['ignore', 'pipe', 'pipe']) {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, stderr }))),
  };
}

/**
 * Waits until a process does nothing any more: none of its threads runs or waits for a core, and its time stands still.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} kilobytes that it has in memory
 */
export async function atRest({ pid }) {
  /** State and times of a process or a thread. @param {string} path */
  const look = (path) => readFileSync(`/proc/${path}/stat`, 'utf8').split(') ')[1].split(' ');
  const isRunning = (/** @type {string} */ thread) => {
    try {
      return look(`${pid}/task/${thread}`)[0] === 'R';
    } catch {
      return true; // it has just ended
    }
  };
  for (let quiet = 0, before = ''; quiet < QUIET_LOOKS; quiet++) {
    await setTimeout(LOOK_MILLISECONDS);
    const times = look(String(pid)).slice(11, 13).join(' ');
    if (times !== before || readdirSync(`/proc/${pid}/task`).some(isRunning)) quiet = -1;
    before = times;
  }
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
