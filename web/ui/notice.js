// Short messages that float above the status bar and are announced politely: what was copied, what could not be kept.

const SHOWN_MS = 6000;

/**
 * @param {HTMLElement} host an element with role="status"
 * @returns {(text: string) => void}
 */
export function createNotice(host) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    host.textContent = text;
    host.classList.add('shown');
    timer = window.setTimeout(() => {
      host.classList.remove('shown');
      host.textContent = '';
    }, SHOWN_MS);
  };
}
