// What is given to one module and not to the next: its arguments, environment, input, keys, and whether stubs stand in. Each
// program has its own, remembered under its name; the other options hold for all.

import { initialOptions } from './state.js';

/** @import { Settings } from './settings.js' */
/** @import { GuestOptions, Given, Options, Program } from './state.js' */

/** @typedef {Pick<GuestOptions, 'args' | 'env' | 'stdin' | 'keys' | 'stub'>} Inputs */

/** Programs whose inputs are remembered: the last ones that were changed. */
const REMEMBERED = 40;
/** Longer ones fill the browser's storage, which is small, and last as long as the page. */
const MOST_CHARACTERS = 64 * 1024;

/** @param {GuestOptions} guest @returns {Inputs} */
function inputsOf({ args, env, stdin, keys, stub }) {
  return { args, env, stdin, keys, stub };
}

/** What a program is remembered by; '' = not at all. @param {Program['source']} source */
function keyOf(source) {
  return source.kind === 'example' ? `example:${source.name}` : source.kind === 'recent' ? `recent:${source.id}` : '';
}

/**
 * The options for a program that is opened: its own inputs, else those that it brings along.
 * @param {Settings} settings
 * @param {Program['source']} source
 * @param {Given | null} [given]
 * @returns {Options}
 */
export function optionsFor({ options, inputs }, source, given) {
  const usual = options ?? initialOptions();
  const own = { ...inputsOf(initialOptions().guest), ...(inputs[keyOf(source)] ?? given?.inputs) };
  return { ...usual, guest: { ...usual.guest, ...own } };
}

/**
 * Options that were chosen while a program was open, as the part of the settings that changes.
 * @param {Settings} settings
 * @param {Program | null} program
 * @param {Options} options
 * @returns {Partial<Settings>}
 */
export function remembered({ inputs }, program, options) {
  const shared = { ...options, guest: { ...options.guest, ...inputsOf(initialOptions().guest) } };
  const key = program ? keyOf(program.source) : '';
  const own = inputsOf(options.guest);
  if (key === '' || JSON.stringify(own).length > MOST_CHARACTERS) return { options: shared };
  const rest = Object.entries(inputs).filter(([name]) => name !== key);
  return { options: shared, inputs: Object.fromEntries([...rest.slice(1 - REMEMBERED), [key, own]]) };
}
