// Small choices that survive a reload: layout, theme, options, what was open last. In localStorage, because boot.js must
// read them before the first paint; programs themselves are in keep.js. Where storage is refused, they last as long as the page.

/** @import { Options } from './state.js' */

/**
 * @typedef {object} Settings
 * @property {'system' | 'light' | 'dark'} theme
 * @property {number | null} inspectorWidth pixels
 * @property {number | null} stepperHeight pixels
 * @property {boolean} programsFolded
 * @property {'side' | 'stacked'} middle how the panes stand between 761 and 1099 px
 * @property {boolean} wrap
 * @property {'ir' | 'trace' | 'module'} tab
 * @property {Options | null} options
 * @property {{ kind: 'example', name: string } | { kind: 'recent', id: number } | null} last
 */

export const SETTINGS_KEY = 'jsrust.settings';

/** @type {Settings} */
const DEFAULTS = {
  theme: 'system',
  inspectorWidth: null,
  stepperHeight: null,
  programsFolded: false,
  middle: 'stacked',
  wrap: false,
  tab: 'ir',
  options: null,
  last: null,
};

/** @returns {{ now: () => Settings, change: (part: Partial<Settings>) => void }} */
export function openSettings() {
  let settings = { ...DEFAULTS, ...stored() };
  return {
    now: () => settings,
    change(part) {
      settings = { ...settings, ...part };
      try {
        localStorage.setItem(SETTINGS_KEY, JSON.stringify(settings));
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
  for (const name of ['programsFolded', 'wrap']) if (typeof record[name] === 'boolean') good[name] = record[name];
  if (['side', 'stacked'].includes(record.middle)) good.middle = record.middle;
  if (['ir', 'trace', 'module'].includes(record.tab)) good.tab = record.tab;
  if (isOptions(record.options)) good.options = record.options;
  if (record.last?.kind === 'example' && typeof record.last.name === 'string') good.last = record.last;
  if (record.last?.kind === 'recent' && Number.isSafeInteger(record.last.id)) good.last = record.last;
  return good;
}

/** @param {any} options */
function isOptions(options) {
  const limits = options?.limits;
  if (typeof options?.validate !== 'boolean' || limits === null || typeof limits !== 'object') return false;
  return ['steps', 'memory', 'output', 'seconds'].every((name) => Number.isFinite(limits[name]) && limits[name] >= 0);
}
