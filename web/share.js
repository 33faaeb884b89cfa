// Sharing what is open as a link: the link into the clipboard, or into a dialog where the browser refuses that; and what
// somebody else's link holds. The program itself is in the fragment, which browsers keep to themselves: nothing is sent.

import { h, setText } from './ui/dom.js';
import { createDialog, dialogButtons, dialogElement } from './ui/dialog.js';
import { deflateRaw } from './deflate.js';
import { size } from './format.js';
import { readOptions } from './settings.js';
import { MOST_TEXT, decodeShared, encodeShared } from './share-link.js';
import { initialState } from './state.js';

/** @import { Gallery } from './gallery.js' */
/** @import { Options, State, Store } from './state.js' */

const STAYS = 'The part after # holds it; browsers do not send that part to anyone.';
const TOO_LARGE = `This program is too large for a link: most programs that pass links on cut them at about ${size(MOST_TEXT)}. Send the file itself; it can be dropped onto this page.`;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Gallery} parts.gallery
 * @param {(text: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createShare({ store, gallery, notice, signal }) {
  /** @type {ReturnType<typeof linkDialog> | null} */
  let dialog = null;

  return {
    async share() {
      const link = linkTo(store.now, gallery);
      // Asked for before the link is there: some browsers allow copying only within the key press or click itself.
      const copied = copy(link.then((found) => found?.address ?? ''));
      const found = await link;
      const done = await copied;
      if (!found) return notice(TOO_LARGE);
      const sentence = [found.what, ownMachine()].filter(Boolean).join(' ');
      if (done) return notice(`Link copied. ${sentence}`);
      dialog ??= linkDialog(signal);
      dialog.show(found.address, sentence);
    },
  };
}

/**
 * @param {Readonly<State>} state
 * @param {Gallery} gallery
 * @returns {Promise<{ address: string, what: string } | null>} null: too large for a link
 */
async function linkTo({ program, entry, options, plan }, gallery) {
  if (!program) return null;
  const page = location.origin + location.pathname;
  const { source } = program;
  const example = source.kind === 'example' ? gallery.find(source.name) : undefined;
  const shared = { entry: entry === (example?.entry ?? 'main') ? '' : entry, options: chosen(options) };
  if (!example) {
    const text = await encodeShared({ ...shared, name: program.name, bytes: program.bytes }, deflateRaw);
    if (text === null) return null;
    return {
      address: `${page}#p=${text}`,
      what: `It holds the program itself (${size(text.length)}).${without(plan)} ${STAYS}`,
    };
  }
  const address = `${page}?example=${encodeURIComponent(example.name)}`;
  if (shared.entry === '' && shared.options === null) return { address, what: 'It opens this example.' };
  const text = await encodeShared(shared, deflateRaw);
  return text === null ? null : { address: `${address}#p=${text}`, what: 'It opens this example with these options.' };
}

/** What is linked stays here. @param {State['plan']} plan */
function without(plan) {
  const files = (plan?.linked ?? []).map(({ file }) => file);
  if (files.length === 0) return '';
  return ` It does not hold ${files.join(', ')}: send ${files.length === 1 ? 'that file' : 'those files'}, too.`;
}

/** Options that differ from the usual ones. @param {Options} options */
function chosen(options) {
  return JSON.stringify(options) === JSON.stringify(initialState().options) ? null : options;
}

/** A link to one's own machine opens nowhere else. */
function ownMachine() {
  const own = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
  return own ? `It opens only where this page is served, too: it leads to ${location.host}.` : '';
}

/** @param {Promise<string>} text '' = nothing to copy after all @returns {Promise<boolean>} whether it is in the clipboard */
async function copy(text) {
  const wanted = text.then((found) => {
    if (found === '') throw new Error('no link');
    return found;
  });
  try {
    if ('ClipboardItem' in window) {
      const blob = wanted.then((found) => new Blob([found], { type: 'text/plain' }));
      blob.catch(() => {});
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    } else await navigator.clipboard.writeText(await wanted);
    return true;
  } catch {
    return false; // no permission, no focus, plain http, or nothing to copy
  }
}

/** @param {AbortSignal} signal */
function linkDialog(signal) {
  const field = h('textarea', { rows: '5', readonly: true, spellcheck: 'false', 'aria-labelledby': 'share-label' });
  const text = h('p', { class: 'dim' });
  const element = dialogElement(
    'share-dialog',
    'Share by link',
    {},
    h('p', { id: 'share-label', text: 'The browser did not allow copying. The link is selected: copy it from here.' }),
    field,
    text,
    dialogButtons(null, h('button', { type: 'button', class: 'button primary', 'data-close': true, text: 'Close' })),
  );
  const dialog = createDialog(element, signal);
  return {
    /** @param {string} address @param {string} sentence */
    show(address, sentence) {
      field.value = address;
      setText(text, sentence);
      dialog.open();
      field.focus();
      field.select();
    },
  };
}

/**
 * What a link's fragment holds.
 * @param {string} text
 * @param {boolean} ofExample the program is an example; only options are wanted
 * @returns {Promise<{ name: string, bytes: Uint8Array, entry: string, options: Options | null } | { sentence: string }>}
 */
export async function readShared(text, ofExample) {
  const found = await decodeShared(text, deflateRaw);
  if ('sentence' in found) return found;
  if (found.bytes === null && !ofExample) return { sentence: 'The link holds no program.' };
  return { ...found, bytes: found.bytes ?? new Uint8Array(0), options: readOptions(found.options) };
}
