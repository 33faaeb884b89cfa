/**
 * Messages between a run's host end and the guest's worker, as types. A worker serves one run and is then terminated.
 */

/** @import { Plan } from '../module/plan.js' */
/** @import { ChannelBuffers } from './channel.js' */
/** @import { FromPort, ToPort } from './message-port.js' */
/** @import { Outcome } from './outcome.js' */
/** @import { ExportCall, FileEntry, GuestRequest, Waiting } from './types.js' */

/**
 * First message. `channel`: shared memory where it can be shared; null: messages of ToPort and FromPort take its place.
 * `screen`: the screen's buffer, likewise.
 * @typedef {object} StartGuest
 * @property {'start'} type
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Module[]} linked those of the plan, in its order
 * @property {number} shift bytes by which its code stands further back than in the file
 * @property {Plan} plan
 * @property {GuestRequest} request
 * @property {ChannelBuffers | null} channel
 * @property {ArrayBufferLike | null} screen null: the module does not draw, or its snapshots travel as messages
 */
/** Questions to an instance that has run; each is answered with its number. */
/**
 * @typedef {{ type: 'call', id: number, call: ExportCall } | { type: 'peek', id: number, pointer: number, length: number }
 *   | { type: 'globals', id: number, types: Record<string, string> } | { type: 'files', id: number }} Question
 */
/** @typedef {StartGuest | Question | ToPort | { type: 'size', columns: number, rows: number }} ToGuest */

/**
 * @typedef {object} GuestDone
 * @property {'done'} type
 * @property {Outcome} outcome
 * @property {FileEntry[] | null} files the last of them: what came before as `filesBack` stands before these
 * @property {number} filesLeft entries of the file system that do not come back
 * @property {number} calls of imports, if they were counted
 * @property {number} memory bytes
 * @property {number} milliseconds
 */
/** `loaded`: the worker's code is there; `instanceless`: the run ended before there was an instance to ask. */
/**
 * @typedef {{ type: 'loaded' } | { type: 'room' } | { type: 'output' } | FromPort | GuestDone
 *   | { type: 'waiting', what: Waiting } | { type: 'warning', sentence: string }
 *   | { type: 'screen', snapshot: Uint8Array | null } | { type: 'files' | 'filesBack', files: FileEntry[] }
 *   | { type: 'answer', id: number, value: unknown } | { type: 'failed', message: string }} FromGuest
 */

export {};
