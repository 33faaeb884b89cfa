// The figures of both ways to run a program, side by side, as rows of text.

import { duration, number, size } from '../format.js';

/** @import { Figures } from '../state.js' */

/** @typedef {{ label: string, interpreted: string, compiled: string }} FigureRow */

const NONE = '–';
/** Shorter runs measure how they start, not how they run: linking a module and
 * the browser's first look at its functions (2 to 8 ms) are in it. */
const COMPARABLE_MS = 50;

/** @param {Figures} figures @returns {FigureRow[]} */
export function figureRows({ interpreted, compiled }) {
  const total = compiled ? compiled.compiling + compiled.milliseconds : 0;
  return [
    { label: 'Outcome', interpreted: interpreted?.outcome ?? NONE, compiled: compiled?.outcome ?? NONE },
    { label: 'Compiling', interpreted: NONE, compiled: compiled ? duration(compiled.compiling) : NONE },
    {
      label: 'Running',
      interpreted: interpreted ? duration(interpreted.milliseconds) : NONE,
      compiled: compiled ? duration(compiled.milliseconds) : NONE,
    },
    {
      label: 'Together',
      interpreted: interpreted ? duration(interpreted.milliseconds) : NONE,
      compiled: compiled ? duration(total) : NONE,
    },
    { label: 'Steps', interpreted: interpreted ? number(interpreted.steps) : NONE, compiled: 'not counted' },
    { label: 'Module', interpreted: NONE, compiled: compiled ? size(compiled.size) : NONE },
  ];
}

/** How the two compare, as a sentence; '' = they cannot be compared yet. @param {Figures} figures */
export function comparison({ interpreted, compiled }) {
  if (!interpreted || !compiled) return '';
  if (interpreted.outcome === 'stopped' || compiled.outcome === 'stopped') return 'One of the runs was stopped early.';
  if (Math.min(interpreted.milliseconds, compiled.milliseconds) < COMPARABLE_MS)
    return `Not compared: a run of less than ${COMPARABLE_MS} ms is mostly its start.`;
  const ratio = interpreted.milliseconds / Math.max(compiled.milliseconds, 0.001);
  const times = ratio >= 1 ? ratio : 1 / ratio;
  const shown = times < 9.95 ? times.toFixed(1) : number(Math.round(times));
  if (shown === '1.0') return 'Running took as long both ways.';
  return `Compiled code ran ${shown} times as ${ratio >= 1 ? 'fast' : 'long'}.`;
}
