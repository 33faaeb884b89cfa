// The command line as a process of its own, for the tests of it: run to its end, or left running.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { project } from '../lib/files.mjs';

export const MAIN = join(project, 'runner', 'main.js');

/** @param {string[]} words @param {object} [options] of spawnSync */
export function cli(words, options = {}) {
  const done = spawnSync(process.execPath, [MAIN, ...words], { timeout: 30_000, maxBuffer: 1 << 28, ...options });
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
