// The list of programs: the visitor's own files (until they clear them) and the examples.

import { byId, h, icon } from '../ui/dom.js';
import { ago, size } from '../format.js';

/** @import { Gallery } from '../gallery.js' */
/** @import { Keep, Kept } from '../keep.js' */
/** @import { Store } from '../state.js' */

const CROSS = 'M4 4l8 8M12 4l-8 8';

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Gallery} parts.gallery
 * @param {Keep} parts.keep
 * @param {(name: string) => void} parts.openExample
 * @param {(id: number) => void} parts.openRecent
 * @param {AbortSignal} parts.signal
 */
export function createPrograms({ store, gallery, keep, openExample, openRecent, signal }) {
  const examples = byId('examples');
  const recent = byId('recent');
  const group = byId('recent-group');

  /** @param {string} name @param {string} line @param {string} key @param {() => void} open */
  function entry(name, line, key, open) {
    const button = h(
      'button',
      { type: 'button', class: 'program-open', 'data-key': key, on: { click: open } },
      h('span', { class: 'program-name', text: name, title: name }),
      h('span', { class: 'program-line', text: line }),
    );
    return h('li', { class: 'program' }, button);
  }

  /** @param {Kept} kept */
  function recentEntry(kept) {
    const line = `${kept.kind} · ${size(kept.size)} · ${ago(kept.time, Date.now())}`;
    const item = entry(kept.name.trim() || '(no name)', line, `recent:${kept.id}`, () => openRecent(kept.id));
    const remove = async () => {
      const neighbour = item.nextElementSibling ?? item.previousElementSibling;
      await keep.remove(kept.id);
      await refresh();
      const again = neighbour?.querySelector('.program-open')?.getAttribute('data-key');
      const target = again ? recent.querySelector(`[data-key="${again}"]`) : examples.querySelector('.program-open');
      /** @type {HTMLElement | null} */ (target)?.focus();
    };
    item.append(
      h(
        'button',
        { type: 'button', class: 'quiet program-remove', 'aria-label': `Remove ${kept.name}`, on: { click: remove } },
        icon(CROSS),
      ),
    );
    return item;
  }

  async function refresh() {
    const all = await keep.list();
    const key = document.activeElement?.closest('#recent .program')?.firstElementChild?.getAttribute('data-key');
    group.hidden = all.length === 0;
    recent.classList.add('recent');
    recent.replaceChildren(...all.map(recentEntry));
    mark();
    // What had the focus may be gone.
    if (key) {
      /** @type {HTMLElement | null} */ (
        recent.querySelector(`[data-key="${key}"]`) ?? examples.querySelector('button')
      )?.focus();
    }
  }

  function mark() {
    const source = store.now.program?.source;
    const key =
      source?.kind === 'example' ? `example:${source.name}` : source?.kind === 'recent' ? `recent:${source.id}` : '';
    for (const button of document.querySelectorAll('.program-open')) {
      if (button.getAttribute('data-key') === key) {
        button.setAttribute('aria-current', 'true');
        // What a link opened may be far down the list.
        button.scrollIntoView({ block: 'nearest' });
      } else button.removeAttribute('aria-current');
    }
  }

  const groups = [...new Set(gallery.examples.map((example) => example.group))];
  examples.replaceChildren(
    ...groups.flatMap((group, index) => {
      const id = `examples-${index}`;
      const entries = gallery.examples
        .filter((example) => example.group === group)
        .map(({ name, title, line }) => entry(title, line, `example:${name}`, () => openExample(name)));
      const list = h('ul', { 'aria-labelledby': id }, ...entries);
      return [h('h3', { id, class: 'group-title', text: group }), list];
    }),
  );
  byId('recent-clear').addEventListener(
    'click',
    async () => {
      await keep.clear();
      await refresh();
      /** @type {HTMLElement | null} */ (examples.querySelector('.program-open'))?.focus();
    },
    { signal },
  );
  store.watch(['program'], mark);
  keep.onChange = () => void refresh();
  return {
    refresh,
    focus() {
      const current = document.querySelector('.program-open[aria-current]') ?? examples.querySelector('.program-open');
      /** @type {HTMLElement | null} */ (current)?.focus();
    },
  };
}
