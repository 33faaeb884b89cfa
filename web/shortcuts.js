// Keys of commands: as they are written, and whether an event is of them.

/** Keys whose names in events are not what is on them. @type {Record<string, string>} */
const NAMES = { ',': 'Comma', '.': 'Period', '/': 'Slash', '`': 'Backquote' };

/** Whether an event is of the keys, written as in the table. @param {string} keys @param {KeyboardEvent} event */
export function isPressed(keys, { code, key, ctrlKey, shiftKey, altKey, metaKey }) {
  const held = keys.split('+');
  const last = held.pop() ?? '';
  const meant = NAMES[last] ?? (last.length > 1 ? last : last < 'A' ? `Digit${last}` : `Key${last}`);
  const holds = (/** @type {string} */ name) => held.includes(name);
  return (
    (code === meant || key === meant) &&
    ctrlKey === holds('Ctrl') &&
    shiftKey === holds('Shift') &&
    altKey === holds('Alt') &&
    !metaKey
  );
}

/** As written on a button, where room is short. @param {string} keys */
export function shortKeys(keys) {
  return keys.replace('Enter', '\u21b5').replaceAll('+', ' ');
}

/** @param {EventTarget | null} target */
export function isField(target) {
  return (target instanceof HTMLInputElement && target.type !== 'range') || target instanceof HTMLTextAreaElement;
}
