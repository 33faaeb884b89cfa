// A splitter between two panes (WAI-ARIA window splitter): drag, or click and click again where it shall be; arrow keys, Home,
// End; double click or Enter resets.
// It only sets one CSS custom property, in pixels; the grid that reads it does the layout.

/**
 * @typedef {object} SplitOptions
 * @property {HTMLElement} handle the element with role="separator"
 * @property {HTMLElement} container the grid; its size bounds the pane
 * @property {'width' | 'height'} axis which side of the pane moves
 * @property {string} property the custom property to set on the document's root
 * @property {number} least smallest size of the pane after the handle
 * @property {() => number} leastOther smallest size of what is before it
 * @property {number | null} initial the remembered size; null is the style sheet's own
 * @property {(size: number | null) => void} onChange a new size to remember; null after a reset
 * @property {AbortSignal} signal
 */

const KEY_STEP = 24;
/** Pixels that a hand may tremble while it clicks. */
const JITTER = 3;

/** @param {SplitOptions} options */
export function createSplit({ handle, container, axis, property, least, leastOther, initial, onChange, signal }) {
  const root = document.documentElement;
  const pane = /** @type {HTMLElement} */ (document.getElementById(handle.getAttribute('aria-controls') ?? ''));
  const edge = axis === 'width' ? 'right' : 'bottom';
  const pointer = axis === 'width' ? 'clientX' : 'clientY';

  const largest = () => Math.max(least, container.getBoundingClientRect()[axis] - leastOther());
  const current = () => pane.getBoundingClientRect()[axis];

  function announce() {
    const size = current();
    if (size === 0) return;
    handle.setAttribute('aria-valuemin', String(least));
    handle.setAttribute('aria-valuemax', String(Math.round(largest())));
    handle.setAttribute('aria-valuenow', String(Math.round(Math.min(largest(), Math.max(least, size)))));
  }

  /** @param {number | null} size */
  function apply(size) {
    if (size === null) root.style.removeProperty(property);
    else root.style.setProperty(property, `${Math.round(Math.min(largest(), Math.max(least, size)))}px`);
    announce();
  }

  /** @param {number | null} size */
  function change(size) {
    apply(size);
    onChange(size === null ? null : Math.round(current()));
  }

  const isMoving = () => handle.classList.contains('dragging');
  let far = 0;
  let from = 0;
  let isPlaced = false;

  /** @param {PointerEvent} event */
  function move(event) {
    if (!isMoving()) return;
    isPlaced ||= Math.abs(event[pointer] - from) > JITTER;
    apply(far - event[pointer]);
  }

  function end() {
    handle.classList.remove('dragging');
    onChange(Math.round(current()));
  }

  // Pressed and let go at one place, it follows the pointer to the next press, for those who cannot drag. Meanwhile it
  // covers the page, so that nothing else hears of that one.
  handle.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      isPlaced = isMoving();
      from = event[pointer];
      if (isPlaced) return move(event);
      far = pane.getBoundingClientRect()[edge];
      handle.classList.add('dragging');
    },
    { signal },
  );
  handle.addEventListener('pointermove', move, { signal });
  handle.addEventListener('lostpointercapture', () => isPlaced && end(), { signal });
  handle.addEventListener('dblclick', () => change(null), { signal });
  handle.addEventListener(
    'keydown',
    (event) => {
      if (isMoving()) end();
      const grow = axis === 'width' ? 'ArrowLeft' : 'ArrowUp';
      const shrink = axis === 'width' ? 'ArrowRight' : 'ArrowDown';
      if (event.key === grow) change(current() + KEY_STEP);
      else if (event.key === shrink) change(current() - KEY_STEP);
      else if (event.key === 'Home') change(least);
      else if (event.key === 'End') change(largest());
      else if (event.key === 'Enter') change(null);
      else return;
      event.preventDefault();
    },
    { signal },
  );

  handle.title = 'Drag it, or click it and then its new place';
  const watcher = new ResizeObserver(announce);
  watcher.observe(container);
  watcher.observe(pane);
  signal.addEventListener('abort', () => watcher.disconnect());
  if (initial !== null) apply(initial);
}
