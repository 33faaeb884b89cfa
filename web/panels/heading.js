// The header's name and chip, the entry choice, and the status line: what is open and what it is doing.

import { spelt } from '../../runner/visible.js';
import { latePicker } from '../lazy.js';
import { byId, h, setText } from '../ui/dom.js';
import { counted, duration, size } from '../format.js';
import { isLive, isWasm } from '../state.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { Session } from '../session.js' */
/** @import { Phase, State, Store } from '../state.js' */

/** @type {Readonly<Record<Phase, [text: string, look: '' | 'good' | 'bad' | 'live']>>} */
const PHASES = {
  starting: ['starting', ''],
  opening: ['opening', 'live'],
  ready: ['ready', ''],
  running: ['running', 'live'],
  paused: ['paused', 'live'],
  stopping: ['stopping', 'live'],
  finished: ['finished', 'good'],
  stopped: ['stopped', ''],
  failed: ['failed', 'bad'],
  refused: ['not run', 'bad'],
};

/** Kinds of files that cannot be run, where they have a name of their own. @type {Readonly<Record<string, string>>} */
const KINDS = { jsrs: 'JSRS', rust: 'Rust', 'wasm-module': 'WebAssembly module' };

/** What a module waits for. @type {Readonly<Record<'line' | 'key' | 'input' | 'sleep', string>>} */
const WAITS = { line: 'waiting for a line', key: 'waiting for a key', input: 'waiting for input', sleep: 'sleeping' };

/** What the program is doing, or has come to. @param {Readonly<State>} state */
export function stateText({ phase, building, waiting }) {
  if (phase === 'running' && building) return 'compiling';
  return phase === 'running' && waiting ? WAITS[waiting] : PHASES[phase][0];
}

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Session} parts.session
 * @param {OutputStore} parts.output
 * @param {import('../lazy.js').Lazy['picker']} parts.picker
 * @param {AbortSignal} parts.signal
 */
export function createHeading({ store, session, output, picker, signal }) {
  const state = byId('state-text');
  const heading = byId('program-name');
  const chip = byId('program-chip');
  const entry = /** @type {HTMLButtonElement} */ (byId('entry'));
  let frame = 0;

  /** Functions without parameters; from the listing where the module's description leaves some out. */
  function entries() {
    const { module, listing } = store.now;
    if (module && listing?.lineCount && module.omitted.functions > 0) {
      return listing.sections
        .filter(({ name }) => listing.canBegin(name))
        .map(({ name }) => ({ value: name, text: spelt(name) }));
    }
    return (module?.functions ?? [])
      .filter((each) => each.entry)
      .map(({ name, result }) => ({ value: name, text: spelt(name), note: result === 'unit' ? '' : `-> ${result}` }));
  }

  latePicker(picker, {
    button: entry,
    label: 'Entry',
    items: entries,
    current: () => store.now.entry,
    onPick: (name) => session.setEntry(name),
    signal,
  });

  /** @param {Readonly<State>} now */
  function status(now) {
    const { phase, recording, calling, result, progress } = now;
    const other = recording ? 'recording' : calling ? 'calling' : '';
    setText(state, other || stateText(now));
    state.dataset.look = other ? 'live' : PHASES[phase][1];
    document.documentElement.dataset.live = String(isLive(now) || calling);
    // Only what is interpreted counts steps.
    const steps = result?.stats.steps ?? progress?.steps;
    const milliseconds = result?.stats.milliseconds ?? (progress ? progress.seconds * 1000 : undefined);
    setText(byId('status-steps'), !steps ? '' : counted(steps, 'step'));
    setText(byId('status-seconds'), milliseconds === undefined ? '' : duration(milliseconds));
    setText(byId('status-lines'), phase === 'refused' ? '' : counted(output.lines, 'line'));
  }

  store.watch(['program', 'module', 'invalid', 'kind', 'plan'], ({ program, module, invalid, kind, plan }) => {
    const name = program?.name ?? 'JSRust Playground';
    setText(heading, name);
    heading.title = name; // of which there may be room for a part only
    document.title = program ? `${name} · JSRust Playground` : 'JSRust Playground';
    const { version } = module ?? invalid ?? {};
    const known = version ? `JSRS v${version}` : plan?.title || KINDS[kind] || kind || '…';
    chip.hidden = !program;
    chip.replaceChildren(known, h('span', { class: 'chip-size', text: ` · ${size(program?.bytes.length ?? 0)}` }));
  });
  store.watch(['entry', 'module', 'wasm', 'kind', 'refusal'], (now) => {
    const { entry: name, module, refusal } = now;
    entry.hidden = isWasm(now);
    setText(byId('entry-name'), spelt(name) || (refusal ? 'none' : 'main'));
    entry.disabled = module === null;
  });
  store.watch(['phase', 'recording', 'building', 'calling', 'result', 'progress', 'waiting'], status);
  output.onChange(() => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      status(store.now);
    });
  });
}
