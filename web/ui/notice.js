// Short messages that float above the status bar and are announced politely: what was copied, what could not be kept.

/** How long a message stands: as long as it takes to read. */
const LEAST_MS = 6000;
const CHARACTER_MS = 70;

/**
 * @param {HTMLElement} host an element with role="status"
 * @returns {(text: string) => void} an empty text takes away what is there
 */
export function createNotice(host) {
  let timer = 0;
  return function show(text) {
    clearTimeout(timer);
    host.textContent = text;
    host.classList.toggle('shown', text !== '');
    if (text !== '') timer = setTimeout(show, Math.max(LEAST_MS, text.length * CHARACTER_MS), '');
  };
}
