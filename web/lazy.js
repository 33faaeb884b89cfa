// Parts of the page that the first run does not need, one function for each: it fetches the chunk, and the style sheet where
// there is one, when the part is first wanted. build.mjs makes a chunk of every import() and the sheets of LAZY_STYLES.
import { importAgain } from '../runner/import-again.js';

const SENTENCE = 'This part of the page could not be loaded. Check the connection and try again, or reload the page.';

/**
 * @param {(sentence: string) => void} onFault told when a part cannot be had; the function then gives null
 */
export function createLazy(onFault) {
  /**
   * @template Part
   * @param {() => Promise<Part>} load
   * @param {string} [style]
   * @returns {() => Promise<Part | null>} a part that was had once is there for good; a failure is tried again
   */
  function part(load, style) {
    const fetchPart = importAgain(load);
    /** @type {Promise<Part | null> | null} */
    let loaded = null;
    return () =>
      (loaded ??= Promise.all([fetchPart(), style && styleSheet(style)]).then(
        ([module]) => module,
        () => {
          loaded = null;
          onFault(SENTENCE);
          return null;
        },
      ));
  }

  return {
    /** The trace model, its panel and the stepper: with the first step. */
    stepping: part(() => import('./stepping-parts.js'), 'stepping'),
    modulePanel: part(() => import('./panels/module.js'), 'module'),
    options: part(() => import('./panels/options.js'), 'dialogs'),
    help: part(() => import('./panels/help.js'), 'dialogs'),
    /** The paste dialog, and bytes from files and text. */
    intake: part(() => import('./panels/paste.js'), 'dialogs'),
    find: part(() => import('./panels/find.js')),
    /** Lists to choose from: with the first press on a button that opens one. */
    picker: part(() => import('./ui/picker.js'), 'picker'),
    /** What runs WebAssembly modules: with the first one. */
    guest: part(() => import('./guest-parts.js'), 'guest'),
    /** The terminal emulator: with the first program that writes ANSI. */
    xterm: part(() => import('./terminal/xterm.js')),
    /** The inspector of a module, likewise. */
    wasmPanels: part(() => import('./wasm-parts.js'), 'wasm'),
    /** What runs compiled programs: with the first one. */
    compiledRuns: part(() => import('./compiled/runs.js')),
    /** The inspector's panels of compiled programs: passes, graph, WebAssembly. */
    compiledPanels: part(() => import('./compiled-parts.js'), 'compiled'),
    share: part(() => import('./share.js'), 'dialogs'),
    /** When the first run is over, and with it what nobody needs before: styles of paper, and of fingers. */
    isolation: part(() => import('./isolation.js'), 'late'),
  };
}

/** @typedef {ReturnType<typeof createLazy>} Lazy */

/**
 * What is made of a part, once: `made(lazy.help, ({ createHelp }) => createHelp(commands))`.
 * @template Part, Made
 * @param {() => Promise<Part | null>} load
 * @param {(part: Part) => Made} make
 * @returns {() => Promise<Made | null>} null: the part could not be had
 */
export function made(load, make) {
  /** @type {{ it: Made } | null} */
  let one = null;
  return async () => {
    const part = await load();
    if (part !== null) one ??= { it: make(part) };
    return one?.it ?? null;
  };
}

/**
 * A button's list to choose from, made when it is first pressed.
 * @param {Lazy['picker']} load
 * @param {import('./ui/picker.js').PickerOptions} options
 */
export function latePicker(load, options) {
  const open = async () => {
    const part = await load();
    if (part) part.createPicker(options).open();
    else latePicker(load, options);
  };
  options.button.addEventListener('click', open, { signal: options.signal, once: true });
}

/**
 * Calls back when an element comes into view, until what it needs has been made.
 * @param {Element} element
 * @param {() => Promise<unknown>} seen gives null when that could not be had
 */
export function whenSeen(element, seen) {
  const observer = new IntersectionObserver(async (entries) => {
    if (entries.some((entry) => entry.isIntersecting) && (await seen())) observer.disconnect();
  });
  observer.observe(element);
}

/** Sheets by name, so that two parts with the same one add it once. @type {Map<string, Promise<void>>} */
const sheets = new Map();

/** @param {string} name @returns {Promise<void>} rejects when it cannot be loaded */
function styleSheet(name) {
  const known = sheets.get(name);
  if (known) return known;
  const link = document.createElement('link');
  const loading = new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      sheets.delete(name);
      reject(new Error(name));
    });
  });
  sheets.set(name, loading);
  link.rel = 'stylesheet';
  link.href = FILES.styles[name];
  document.head.append(link);
  return loading;
}
