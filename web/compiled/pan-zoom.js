// Moving and scaling a drawing within its frame: by wheel, mouse, one finger or two, and from outside.

const LEAST = 0.05;
const MOST = 3;
const WHEEL = 0.0015;
/** What stays in view of a drawing that is moved away. */
const KEPT = 48;

/** @typedef {{ x: number, y: number, scale: number }} View where the drawing's origin lies, in pixels of the frame */

/**
 * @param {object} parts
 * @param {SVGSVGElement} parts.frame
 * @param {(view: View) => void} parts.onChange draws what is to be seen
 * @param {AbortSignal} parts.signal
 */
export function createPanZoom({ frame, onChange, signal }) {
  /** @type {View} */
  let view = { x: 0, y: 0, scale: 1 };
  let size = { width: 1, height: 1 };
  /** Pointers that are down. @type {Map<number, { x: number, y: number }>} */
  const pointers = new Map();

  /** @param {View} wanted */
  function apply({ x, y, scale }) {
    const { clientWidth: width, clientHeight: height } = frame;
    const kept = (/** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ room) =>
      Math.min(room - KEPT, Math.max(KEPT - length * scale, at));
    view = width > 0 ? { x: kept(x, size.width, width), y: kept(y, size.height, height), scale } : { x, y, scale };
    onChange(view);
  }

  /** Scales about a point of the frame. @param {number} factor @param {{ x: number, y: number }} [at] */
  function zoom(factor, at = { x: frame.clientWidth / 2, y: frame.clientHeight / 2 }) {
    const scale = Math.min(MOST, Math.max(LEAST, view.scale * factor));
    const by = scale / view.scale;
    apply({ x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by, scale });
  }

  /** @param {number} x @param {number} y */
  const pan = (x, y) => apply({ ...view, x: view.x + x, y: view.y + y });

  /** Shows all of it, no larger than it is. */
  function fit() {
    const { clientWidth: width, clientHeight: height } = frame;
    if (width === 0) return;
    const scale = Math.min(1, Math.max(LEAST, Math.min(width / size.width, height / size.height)));
    apply({ x: (width - size.width * scale) / 2, y: Math.max(0, (height - size.height * scale) / 2), scale });
  }

  /** Brings a box of the drawing into view, moving no more than needed. @param {{ x: number, y: number, width: number, height: number }} box */
  function reveal({ x, y, width, height }) {
    const move = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ room) => {
      const margin = Math.min(24, room / 8);
      if (start < margin || length > room - 2 * margin) return margin - start;
      return Math.min(0, room - margin - start - length);
    };
    const { scale } = view;
    const dx = move(view.x + x * scale, width * scale, frame.clientWidth);
    const dy = move(view.y + y * scale, height * scale, frame.clientHeight);
    if (dx !== 0 || dy !== 0) pan(dx, dy);
  }

  const place = (/** @type {MouseEvent} */ event) => {
    const { left, top } = frame.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // A pinch on a touchpad comes as a wheel with Ctrl.
      if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 4 : 1)), place(event));
      else if (event.shiftKey && event.deltaX === 0) pan(-event.deltaY, 0);
      else pan(-event.deltaX, -event.deltaY);
    },
    { signal, passive: false },
  );
  frame.addEventListener(
    'pointerdown',
    (event) => void (event.button === 0 && pointers.set(event.pointerId, place(event))),
    {
      signal,
    },
  );
  frame.addEventListener(
    'pointermove',
    (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = place(event);
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      pointers.set(event.pointerId, now);
      if (!other) {
        // Only a drag takes the pointer, so that a click still reaches what it hit.
        if (!frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
        return pan(now.x - before.x, now.y - before.y);
      }
      const apart = (/** @type {{ x: number, y: number }} */ point) => Math.hypot(point.x - other.x, point.y - other.y);
      pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      if (apart(before) > 8) zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    },
    { signal },
  );
  for (const type of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture']))
    frame.addEventListener(type, (event) => void pointers.delete(event.pointerId), { signal });

  return {
    zoom,
    pan,
    fit,
    reveal,
    /** A drawing of another size, shown from its top. @param {{ width: number, height: number }} of */
    reset(of) {
      size = of;
      pointers.clear();
      const { clientWidth: width, clientHeight: height } = frame;
      const scale = width === 0 ? 1 : Math.min(1, Math.max(0.75, Math.min(width / of.width, height / of.height)));
      apply({ x: Math.max(0, (width - of.width * scale) / 2), y: 0, scale });
    },
  };
}
