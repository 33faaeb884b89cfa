// The result line under the output: `ok` with its figures, or the error with its kind, sentence, place and what to do.
// Also says the end of a run to screen readers, once and politely.

import { byId, h, setText } from '../ui/dom.js';
import { counted, duration, number, size } from '../format.js';
import { RECORDED_EVENTS, sentence } from '../session.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { Position, Result } from '../../runner/result.js' */
/** @import { State, Store } from '../state.js' */

const STACK_SHOWN = 4;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {(site: number) => void} parts.showSite
 */
export function createResultLine({ store, output, showSite }) {
  const line = byId('result');
  const announcer = byId('announcer');

  /** @param {string} label @param {string} value */
  const figure = (label, value) =>
    h('span', {}, h('span', { class: 'label', text: `${label} ` }), h('b', { text: value }));

  /** @param {Position} position */
  function place(position) {
    const { site } = position;
    const text = placeText(position);
    if (site === null) return h('span', { class: 'place', text });
    return h('button', { type: 'button', class: 'link place', text, on: { click: () => showSite(site) } });
  }

  /** @param {Result} result @param {Readonly<State>} state */
  function failure(result, state) {
    const limit = limitSentence(result, state);
    const parts = [
      h('b', { class: 'failed', text: result.kind }),
      h('span', { class: 'sentence', text: limit ?? sentence(withoutPlace(result)) }),
    ];
    if (result.position) parts.push(h('span', { class: 'sentence' }, 'at ', place(result.position)));
    for (const frame of result.stack.slice(1, STACK_SHOWN))
      parts.push(h('span', { class: 'sentence dim' }, 'called from ', place(frame)));
    const more = result.stack.length + (result.omitted ?? 0) - STACK_SHOWN;
    if (more > 0) parts.push(h('span', { class: 'sentence dim', text: `and ${counted(more, 'call')} before` }));
    if (limit === null) parts.push(h('span', { class: 'advice', text: result.help }));
    return parts;
  }

  /** @param {Result} result */
  function figures({ stats }) {
    return [
      figure('steps', number(stats.steps)),
      figure('time', duration(stats.milliseconds)),
      figure('memory', size(stats.memoryPeak)),
    ];
  }

  /** @param {Readonly<State>} state @returns {HTMLElement[]} */
  function content(state) {
    const { phase, result, refusal } = state;
    if (phase === 'refused' && refusal) {
      return [
        h('b', { class: 'failed', text: refusal.kind }),
        h('span', { class: 'sentence', text: refusal.sentence }),
        h('span', { class: 'advice', text: refusal.advice }),
      ];
    }
    if (result && phase === 'finished') {
      const exit = result.exitValue === null ? [] : [figure('exit value', result.exitValue)];
      return [h('b', { class: 'ok', text: 'ok' }), ...exit, ...figures(result)];
    }
    if (result && phase === 'stopped') return [h('b', { text: 'stopped' }), ...figures(result)];
    if (result) return [...failure(result, state), ...figures(result)];
    const waiting = { opening: 'reading the file', running: 'running', paused: 'paused', stopping: 'stopping' };
    return [h('span', { class: 'label', text: phase in waiting ? waiting[/** @type {keyof waiting} */ (phase)] : '' })];
  }

  /** @param {Readonly<State>} state */
  function announcement({ phase, result, refusal }) {
    if (phase === 'refused' && refusal) return `${refusal.sentence} ${refusal.advice}`;
    if (!result || phase === 'running') return '';
    const printed = `${counted(output.lines, 'line')} of output`;
    if (phase === 'finished') {
      return `Finished: ok${result.exitValue === null ? '' : `, exit value ${result.exitValue}`}. ${printed}.`;
    }
    return phase === 'stopped' ? `Stopped. ${printed}.` : `Failed: ${result.message}. ${result.help} ${printed}.`;
  }

  store.watch(['phase', 'result', 'refusal'], (state) => {
    line.replaceChildren(...content(state));
    const text = announcement(state);
    if (text !== '') setText(announcer, text);
  });
}

/** @param {Position} position */
export function placeText({ function: name, block, instruction, text }) {
  const where = [name ?? 'unknown place'];
  if (block !== null) where.push(`block${block}`);
  if (instruction !== null) where.push(`instruction ${instruction}`);
  return where.join(', ') + (text ? `: ${text}` : '');
}

/**
 * A limit that the visitor set is not a fault of the program: say which one and where to change it.
 * @param {Result} result
 * @param {Readonly<State>} state
 */
function limitSentence({ message, stats }, { options: { limits } }) {
  if (/^step limit/.test(message)) {
    return `Stopped after ${number(stats.steps)} steps (the limit). Raise it under Options, or press Stop sooner.`;
  }
  if (/^output limit/.test(message)) {
    return `Stopped after ${size(stats.outputBytes)} of output (the limit). Raise it under Options.`;
  }
  if (/^time limit/.test(message)) {
    return `Stopped after ${duration(limits.seconds * 1000)} (the limit). Raise it under Options.`;
  }
  return null;
}

/** The message without the place at its end, which stands as a link below. @param {Result} result */
function withoutPlace({ message, position }) {
  return position ? message.replace(/ in `[^`]*`(?:, block \d+)?(?:, instruction \d+)?$/, '') : message;
}

/** What a recording holds, in words. @param {number} dropped @param {number} events */
export function recordingText(dropped, events) {
  return dropped > 0 || events >= RECORDED_EVENTS
    ? `the first ${number(events)} events of the run`
    : `the whole run, ${number(events)} events`;
}
