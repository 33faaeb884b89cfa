// Small choices that survive a reload: layout, theme, options, what was open last. In localStorage, because boot.js must
// read them before the first paint; programs themselves are in keep.js. Where storage is refused, they last as long as the page.

import { initialOptions } from './state.js';

/** @import { Inputs } from './program-inputs.js' */
/** @import { Options, Tab } from './state.js' */

/**
 * @typedef {object} Settings
 * @property {'system' | 'light' | 'dark'} theme
 * @property {number | null} inspectorWidth pixels
 * @property {number | null} stepperHeight pixels
 * @property {boolean} programsFolded
 * @property {'side' | 'stacked'} middle how the panes stand between 761 and 1099 px
 * @property {boolean} wrap
 * @property {boolean} screenReader whether ANSI terminals are told to screen readers
 * @property {Tab} tab
 * @property {Options | null} options those that hold for all programs
 * @property {Record<string, Inputs>} inputs what single programs were given
 * @property {{ kind: 'example', name: string } | { kind: 'recent', id: number } | null} last
 */

const TABS = ['ir', 'trace', 'module', 'passes', 'graph', 'compiled', 'code', 'calls', 'files', 'exports'];
const MODES = ['interpreted', 'compiled'];
export const LEVELS = ['O0', 'O1', 'O2', 'Os'];
const SETTINGS_KEY = 'jsrust.settings';

/** @type {Settings} */
const DEFAULTS = {
  theme: 'system',
  inspectorWidth: null,
  stepperHeight: null,
  programsFolded: false,
  middle: 'stacked',
  wrap: false,
  screenReader: false,
  tab: 'ir',
  options: null,
  inputs: {},
  last: null,
};

/** @returns {{ now: () => Settings, change: (part: Partial<Settings>) => void }} */
export function openSettings() {
  // On a phone most lines are longer than the screen is wide.
  const wrap = matchMedia('(max-width: 760px)').matches;
  let settings = { ...DEFAULTS, wrap, ...stored() };
  return {
    now: () => settings,
    change(part) {
      settings = { ...settings, ...part };
      try {
        // Another tab may have changed something else meanwhile.
        localStorage.setItem(SETTINGS_KEY, JSON.stringify({ ...stored(), ...part }));
      } catch {
        // Storage is full or refused: the choice holds until the page is closed.
      }
    },
  };
}

/** What is stored, field by field: an older or damaged record must not break the page. @returns {Partial<Settings>} */
function stored() {
  /** @type {any} */
  let record = null;
  try {
    record = JSON.parse(localStorage.getItem(SETTINGS_KEY) ?? 'null');
  } catch {
    return {};
  }
  if (record === null || typeof record !== 'object') return {};
  /** @type {any} */
  const good = {};
  if (['system', 'light', 'dark'].includes(record.theme)) good.theme = record.theme;
  for (const name of ['inspectorWidth', 'stepperHeight']) if (Number.isFinite(record[name])) good[name] = record[name];
  for (const name of ['programsFolded', 'wrap', 'screenReader'])
    if (typeof record[name] === 'boolean') good[name] = record[name];
  if (['side', 'stacked'].includes(record.middle)) good.middle = record.middle;
  if (TABS.includes(record.tab)) good.tab = record.tab;
  const options = readOptions(record.options);
  if (options) good.options = options;
  if (record.inputs !== null && typeof record.inputs === 'object') good.inputs = readInputs(record.inputs);
  if (record.last?.kind === 'example' && typeof record.last.name === 'string') good.last = record.last;
  if (record.last?.kind === 'recent' && Number.isSafeInteger(record.last.id)) good.last = record.last;
  return good;
}

/**
 * Options as somebody else wrote them: an older page, or a link. Only what is known and sound is taken.
 * @param {any} options
 * @returns {Options | null}
 */
export function readOptions(options) {
  const limits = options?.limits;
  if (typeof options?.validate !== 'boolean' || limits === null || typeof limits !== 'object') return null;
  const { steps, memory, output, seconds } = limits;
  const sound = [steps, memory, output, seconds].every((value) => Number.isFinite(value) && value >= 0);
  if (!sound) return null;
  const usual = initialOptions();
  return {
    limits: { steps, memory, output, seconds },
    validate: options.validate,
    mode: MODES.includes(options.mode) ? options.mode : usual.mode,
    level: LEVELS.includes(options.level) ? options.level : usual.level,
    guest: readGuest(options.guest),
  };
}

/** @param {Record<string, unknown>} record @returns {Record<string, Inputs>} */
function readInputs(record) {
  return Object.fromEntries(Object.entries(record).map(([name, each]) => [name, readGuest(each)]));
}

/** What an older record does not have, or has of another type, is as at first. @param {any} record */
function readGuest(record) {
  const { guest } = initialOptions();
  const known = Object.entries(guest).map(([name, usual]) => {
    const value = record?.[name];
    return [name, typeof value === typeof usual ? value : usual];
  });
  return /** @type {Options['guest']} */ (Object.fromEntries(known));
}
