// The result line under the output: `ok` with its figures, or the error with its kind, sentence, place and what to do.
// Also says the end of a run to screen readers, once and politely.

import { limitReached } from '../../runner/result.js';
import { spelt } from '../../runner/visible.js';
import { counted, duration, number, sentence, size } from '../format.js';
import { isLive } from '../state.js';
import { byId, h, setText } from '../ui/dom.js';
import { stateText } from './heading.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { Position, Result } from '../../runner/result.js' */
/** @import { CompiledResult } from '../compiled/runs.js' */
/** @import { State, Store } from '../state.js' */

const STACK_SHOWN = 4;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {(site: number) => void} parts.showSite
 * @param {(index: number, offset: number | null) => void} parts.showOffset of a function of a WebAssembly module
 * @param {(tab: State['tab']) => void} parts.showTab
 */
export function createResultLine({ store, output, showSite, showOffset, showTab }) {
  const line = byId('result');
  const announcer = byId('announcer');

  /** @param {Position} position */
  function place(position) {
    const { site, functionIndex, offset } = position;
    // Compiled code knows where it failed, but not what the line says.
    const line = position.text ?? (site === null ? null : store.now.listing?.textOfSite(site)) ?? null;
    const text = placeText({ ...position, text: line });
    // A module that was compiled from a JSRS file tells places of that file, which is not here.
    const isModule = store.now.wasm !== null;
    const leads = isModule ? site === null && functionIndex !== null : site !== null;
    if (!leads) return h('span', { class: 'place', text });
    const go = () => (site === null ? showOffset(functionIndex ?? 0, offset) : showSite(site));
    return h('button', { type: 'button', class: 'link place', text, on: { click: go } });
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
    const { omitted } = result;
    const more = omitted === null ? 'more' : result.stack.length + omitted - STACK_SHOWN;
    if (more === 'more' || more > 0) {
      const calls = more === 'more' ? more : `${counted(more, 'call')} before`;
      parts.push(h('span', { class: 'sentence dim', text: `and ${calls}` }));
    }
    if (limit === null) parts.push(h('span', { class: 'advice', text: result.help }));
    return parts;
  }

  /** @param {string} text @param {State['tab']} tab */
  const tabLink = (text, tab) =>
    h('button', { type: 'button', class: 'link', text, on: { click: () => showTab(tab) } });

  /** Why a module does not run by itself. @param {Readonly<State>} state */
  function notRun({ plan, missing }) {
    if (missing) {
      return [
        h('b', { class: 'failed', text: 'not run' }),
        h('span', { class: 'sentence', text: missing }),
        h('span', { class: 'advice' }, tabLink('See them in the module', 'module'), ', or link or stub them there.'),
      ];
    }
    const itself = plan?.startsItself ? 'Only its start function ran.' : 'Nothing runs by itself.';
    return [
      h('b', { text: 'ready' }),
      h('span', { class: 'sentence', text: `${plan?.entryFault ?? ''} ${itself}` }),
      plan?.callable
        ? h('span', { class: 'advice' }, tabLink('Call its exports', 'exports'), ' with arguments of your choice.')
        : h('span', { class: 'advice', text: 'It exports no function.' }),
    ];
  }

  /** @param {Readonly<State>} state @returns {HTMLElement[]} */
  function content(state) {
    const { phase, result, refusal } = state;
    if (phase === 'refused' && refusal) {
      return [
        h('b', { class: 'failed', text: refusal.kind }),
        h('span', { class: 'sentence', text: refusal.sentence }),
        ...(refusal.position?.text ? [h('span', { class: 'sentence' }, 'at ', place(refusal.position))] : []),
        h('span', { class: 'advice', text: refusal.advice }),
      ];
    }
    if (phase === 'ready') return notRun(state);
    if (result && phase === 'finished') {
      const exit = result.exitValue === null ? [] : [figure('exit value', result.exitValue)];
      return [outcome(result), ...exit, ...figures(result, state.wasm !== null)];
    }
    if (result && phase === 'stopped') return [h('b', { text: 'stopped' }), ...figures(result, state.wasm !== null)];
    if (result) return [...failure(result, state), ...figures(result, state.wasm !== null)];
    if (isLive(state)) return [h('span', { class: 'label', text: stateText(state) }), ...soFar(state, output.lines)];
    return [h('span', { class: 'label', text: phase === 'opening' ? 'reading the file' : '' })];
  }

  // What is said once more must be news, or nobody hears it.
  store.watch(['phase'], ({ phase }) => phase === 'running' && setText(announcer, ''));
  store.watch(['phase', 'building', 'waiting', 'progress', 'result', 'refusal', 'listing', 'missing'], (state) => {
    line.replaceChildren(...content(state));
    const text = announcement(state, output.lines);
    if (text !== '') setText(announcer, text);
  });
}

/** @param {string} label @param {string} value */
function figure(label, value) {
  return h('span', {}, h('span', { class: 'label', text: `${label} ` }), h('b', { text: value }));
}

/** Of a program that was lost only what is known. @param {CompiledResult & { end?: string }} result @param {boolean} isModule */
function figures({ stats, compiling, end }, isModule) {
  if (compiling) {
    return [
      figure('ran in', duration(stats.milliseconds)),
      figure(`compiled -${compiling.level} in`, duration(compiling.milliseconds)),
      figure('module', size(compiling.size)),
      figure('memory', size(stats.memoryPeak)),
    ];
  }
  if (compiling === null) return [];
  // What modules do in steps is not counted, what they call is.
  return [
    ...(isModule ? [] : [figure('steps', number(stats.steps))]),
    figure('time', duration(stats.milliseconds)),
    figure('memory', size(stats.memoryPeak)),
    ...(isModule && (stats.calls > 0 || end !== 'lost') ? [figure('imports called', number(stats.calls))] : []),
  ];
}

/** A module that ended well can still say by its status that something went wrong. @param {Result} result */
function outcome({ exitCode }) {
  if (exitCode === 0) return h('b', { class: 'ok', text: 'ok' });
  return h('b', { class: 'failed', text: `exit status ${exitCode}` });
}

/** What the status line says, for phones, which have none. @param {Readonly<State>} state @param {number} lines printed */
function soFar({ progress }, lines) {
  if (!progress) return [];
  const { steps, seconds } = progress;
  const figures = [figure('lines', number(lines)), figure('time', duration(seconds * 1000))];
  if (steps > 0) figures.unshift(figure('steps', number(steps)));
  for (const each of figures) each.classList.add('so-far');
  return figures;
}

/** What screen readers are told; empty: nothing. @param {Readonly<State>} state @param {number} lines printed */
function announcement({ phase, result, refusal, missing, plan }, lines) {
  if (phase === 'ready') return missing ?? plan?.entryFault ?? '';
  if (phase === 'refused' && refusal) return `${refusal.sentence} ${refusal.advice}`;
  if (!result || phase === 'running') return '';
  const printed = `${counted(lines, 'line')} of output`;
  if (phase === 'finished') {
    if (result.exitCode !== 0) return `Finished with exit status ${result.exitCode}. ${printed}.`;
    return `Finished: ok${result.exitValue === null ? '' : `, exit value ${result.exitValue}`}. ${printed}.`;
  }
  return phase === 'stopped' ? `Stopped. ${printed}.` : `Failed: ${result.message}. ${result.help} ${printed}.`;
}

/** @param {Position} position */
export function placeText({ function: name, functionIndex, block, instruction, offset, text }) {
  const where = [name ?? (functionIndex === null ? 'unknown place' : `function ${functionIndex}`)];
  if (block === null && offset !== null) where.push(`offset 0x${offset.toString(16)}`);
  if (block !== null) where.push(`block${block}`);
  if (instruction !== null) where.push(`instruction ${instruction}`);
  return spelt(where.join(', ') + (text ? `: ${text}` : ''));
}

/**
 * A limit that the visitor set is not a fault of the program: say which one and where to change it.
 * @param {Result} result
 * @param {Readonly<State>} state
 */
function limitSentence(result, { options: { limits } }) {
  const { stats, message } = result;
  switch (limitReached(result)) {
    case 'step':
      return `Stopped after ${number(limits.steps)} steps (the limit). Raise it under Options, or press Stop sooner.`;
    case 'output':
      return `Stopped after ${size(stats.outputBytes)} of output (the limit). Raise it under Options.`;
    case 'memory':
      return `${sentence(message)} Raise it under Options.`;
    case 'time':
      return `Stopped after ${duration(limits.seconds * 1000)} (the limit). Raise it under Options.`;
  }
  return null;
}

/** The message without the place at its end, which stands as a link below. @param {Result} result */
function withoutPlace({ message, position }) {
  return position ? message.replace(/ in `[^`]*`(?:, block \d+)?(?:, (?:instruction \d+|terminator))?$/, '') : message;
}
