// Every way a program comes to be open: brought by the visitor, an example, one kept from before, a link, or going back to one
// of them. Each is run at once. What a link brought holds until something else is opened. The address says what is open:
// an example by its name; else it is the page's own, and the entry of the browser's history tells the program, as far as it is kept.

import { oneLine } from '../runner/visible.js';
import { optionsFor } from './program-inputs.js';

/** @import { Brought } from './intake.js' */
/** @import { Gallery } from './gallery.js' */
/** @import { Keep } from './keep.js' */
/** @import { Lazy } from './lazy.js' */
/** @import { Session } from './session.js' */
/** @import { Settings } from './settings.js' */
/** @import { Given, Options, Program, Store } from './state.js' */

/** What an entry of the history stands for. @typedef {Settings['last']} Place */
/** What a link may say beside the program. @typedef {{ entry?: string, options?: Options | null }} Wishes */

const LINK = '#p=';
const GONE = 'This file is kept no more: it was removed, here or in another tab, or by the browser.';
/** Of one that could not be run, or was left before it had been read. */
const UNKEPT = 'This file was not kept: choose it once more.';
const MOST_COMPARED = 1 << 22;
/** What would turn a name around, wherever it is shown. */
const TURNS = /\p{Bidi_Control}/gu;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Session} parts.session
 * @param {{ now: () => Settings, change: (part: Partial<Settings>) => void }} parts.settings
 * @param {Gallery} parts.gallery
 * @param {Promise<Keep>} parts.keeping
 * @param {() => Promise<unknown>} parts.refreshPrograms
 * @param {Lazy['share']} parts.share
 * @param {(text: string) => void} parts.notice
 */
export function createOpening({ store, session, settings, gallery, keeping, refreshPrograms, share, notice }) {
  let asked = 0;
  /**
   * Notes that something is to be opened: what was said of the program before it is said no more.
   * @returns {() => boolean} whether nothing else was asked for since: else what comes late must change nothing
   */
  function ask() {
    const number = ++asked;
    notice('');
    return () => number === asked;
  }

  /** @param {string} sentence @param {string} advice */
  const refuse = (sentence, advice) => session.refuse(null, '', { kind: 'io-error', sentence, advice });

  /** What was asked for does not come: nor does what ended for it. @param {() => boolean} isWanted @param {string} sentence */
  function missed(isWanted, sentence) {
    if (!isWanted()) return;
    if (store.now.phase === 'opening') refuse(sentence, 'Choose it once more, or another.');
    else notice(sentence);
  }

  /**
   * The visitor's own options, unless a link brought some.
   * @param {Wishes} wishes
   * @param {Program['source']} source
   * @param {Given | null} [given]
   */
  const begin = ({ options }, source, given) =>
    store.set({ pane: 'output', options: options ?? optionsFor(settings.now(), source, given) });

  /**
   * Opens what somebody brought, and keeps it.
   * @param {Brought} brought
   * @param {Wishes} [wishes]
   */
  async function openBrought(brought, wishes = {}) {
    const source = /** @type {const} */ ({ kind: 'loose' });
    begin(wishes, source);
    const name = oneLine(brought.name).replace(TURNS, '\ufffd');
    if ('sentence' in brought) return refuse(`${name}: ${brought.sentence}`, '');
    const program = { name, bytes: brought.bytes, source, entry: wishes.entry ?? '' };
    const opened = await session.open(program);
    if (!opened) return;
    const keep = await keeping;
    const { id, lasting } = await keep.add({ name, kind: opened.kind, bytes: brought.bytes, time: Date.now() });
    if (store.now.program === program) {
      const kept = /** @type {const} */ ({ kind: 'recent', id });
      store.set({ program: { ...program, source: kept } });
      settings.change({ last: kept });
      stay(kept);
    }
    await refreshPrograms();
    if (!lasting) notice('The browser keeps no files here: this one stays until the page is closed.');
  }

  /** @param {string} wanted @param {() => boolean} isWanted @param {Wishes} [wishes] */
  async function openExample(wanted, isWanted, wishes = {}) {
    const example = gallery.find(wanted);
    if (!example) return refuse(`There is no example called ${wanted}.`, 'Choose one from the list of examples.');
    const { name } = example;
    const source = /** @type {const} */ ({ kind: 'example', name });
    store.set({ pane: 'output' });
    session.expect();
    try {
      const { bytes, given } = await gallery.load(example);
      if (!isWanted()) return;
      begin(wishes, source, given);
      settings.change({ last: { kind: 'example', name } });
      const entry = wishes.entry || example.entry || '';
      await session.open({ name: example.title, bytes, source, entry, ...(given ? { given } : {}) });
    } catch (thrown) {
      if (!isWanted()) return;
      begin(wishes, source);
      refuse(thrown instanceof Error ? thrown.message : String(thrown), 'Check the connection and try again.');
    }
  }

  /**
   * @param {number} id
   * @param {() => boolean} isWanted
   * @param {(place: Place) => void} [enter] called if it is there
   * @returns {Promise<boolean>} false: it is there no more
   */
  async function openRecent(id, isWanted, enter) {
    const found = await (await keeping).get(id).catch(() => null);
    if (!isWanted()) return true;
    if (!found) return false;
    const source = /** @type {const} */ ({ kind: 'recent', id });
    enter?.(source);
    begin({}, source);
    settings.change({ last: source });
    await session.open({ name: found.kept.name, bytes: found.bytes, source, entry: '' });
    return true;
  }

  /** What the address asks for. @returns {Promise<boolean>} whether it asks for anything */
  async function openLink() {
    const example = new URLSearchParams(location.search).get('example') || null;
    const text = location.hash.startsWith(LINK) ? location.hash.slice(LINK.length) : null;
    if (example === null && text === null) return false;
    const isWanted = ask();
    if (text === null) {
      await openExample(example ?? '', isWanted);
      return true;
    }
    session.expect();
    const part = await share();
    const shared = part ? await part.readShared(text, example !== null) : { sentence: 'The link could not be read.' };
    if (!isWanted()) return true;
    if ('sentence' in shared) refuse(shared.sentence, 'Ask for the link once more, or for the file itself.');
    else if (example === null) await openBrought({ name: shared.name, bytes: shared.bytes }, shared);
    else await openExample(example, isWanted, shared);
    return true;
  }

  /** @param {Place} place @returns {Promise<boolean>} whether there is such a program */
  async function openPlace(place) {
    const isWanted = ask();
    if (place?.kind === 'recent') return openRecent(place.id, isWanted);
    if (place?.kind !== 'example' || !gallery.find(place.name)) return false;
    await openExample(place.name, isWanted);
    return true;
  }

  // Back and forward, and a link pasted into the address bar of an open page, which changes the fragment alone.
  window.addEventListener('popstate', async ({ state }) => {
    if ((await openLink()) || (await openPlace(state))) return;
    if (state || !location.hash) notice(state ? GONE : UNKEPT);
  });

  return {
    ask,
    /** @param {Brought} brought @param {() => boolean} isWanted since it was brought */
    async brought(brought, isWanted) {
      if (!isWanted() || (await session.guest?.link(brought)) || !isWanted()) return;
      if (!isSame(brought, store.now.program)) go(null);
      await openBrought(brought);
    },
    /** What was brought cannot be read. @param {() => boolean} isWanted */
    unread: (isWanted) => missed(isWanted, 'The file could not be read: a part of the page could not be loaded.'),
    /** @param {string} name */
    example(name) {
      go({ kind: 'example', name }, `?example=${encodeURIComponent(name)}`);
      return openExample(name, ask());
    },
    /** @param {number} id */
    async recent(id) {
      const isWanted = ask();
      if (await openRecent(id, isWanted, go)) return;
      missed(isWanted, GONE);
      await refreshPrograms();
    },
    /** A link wins over what was open last, here or in any tab; that wins over the first example. */
    async first() {
      if (await openLink()) return;
      const first = /** @type {const} */ ({ kind: 'example', name: gallery.examples[0].name });
      for (const place of [history.state, settings.now().last, first]) {
        stay(place);
        if (await openPlace(place)) return;
      }
    },
  };
}

/** What is opened next is another place to come back to. @param {Place} place @param {string} [query] */
function go(place, query = '') {
  const { pathname, search, hash } = location;
  const isSame = search + hash === query && JSON.stringify(history.state) === JSON.stringify(place);
  if (!isSame) history.pushState(place, '', pathname + query);
}

/** The same file once more is no other place; large ones are not compared. @param {Brought} brought @param {Program | null} program that is open */
function isSame(brought, program) {
  if (!('bytes' in brought) || program?.name !== brought.name) return false;
  const { bytes } = program;
  const isAlike = bytes.length === brought.bytes.length && bytes.length < MOST_COMPARED;
  return isAlike && bytes.every((byte, at) => byte === brought.bytes[at]);
}

/** Where the page is now stands for this. @param {Place} place */
function stay(place) {
  history.replaceState(place, '');
}
