/**
 * The library: what others may import. Everything else in this folder may change.
 */
export { browserWorker } from './browser-worker.js';
export { createClient } from './client.js';
export { detect } from './detect.js';
export { run } from './run.js';

/** @typedef {import('./run.js').RunOptions} RunOptions */
/** @typedef {import('./run.js').RunResult} RunResult */
/** @typedef {import('./detect.js').Detected} Detected */
/** @typedef {import('./client.js').RunRequest} RunRequest */
/** @typedef {import('./client.js').ClientRun} ClientRun */
