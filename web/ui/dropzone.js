// Dropping files, or text from elsewhere, anywhere on the page. While something hovers, the overlay says that it may be let go.

/**
 * @param {HTMLElement} overlay shown by the class `shown`
 * @param {(data: DataTransfer) => void} onDrop
 * @param {AbortSignal} signal
 */
export function createDropzone(overlay, onDrop, signal) {
  // Every element under the pointer sends its own enter and leave: count them.
  let depth = 0;

  // What is dragged within the page is nobody's program, and fields take text themselves.
  let isOwn = false;
  /** @param {DragEvent} event */
  const isForUs = ({ dataTransfer, target }) =>
    dataTransfer?.types.includes('Files') ||
    !(isOwn || (target instanceof Element && target.closest('input, textarea')));

  function hide() {
    depth = 0;
    overlay.classList.remove('shown');
  }

  for (const type of ['dragstart', 'dragend'])
    window.addEventListener(type, () => (isOwn = type === 'dragstart'), { signal });
  window.addEventListener(
    'dragenter',
    (event) => {
      if (!isForUs(event)) return;
      event.preventDefault();
      depth += 1;
      overlay.classList.add('shown');
    },
    { signal },
  );
  window.addEventListener(
    'dragleave',
    (event) => {
      if (!isForUs(event)) return;
      depth -= 1;
      if (depth <= 0) hide();
    },
    { signal },
  );
  window.addEventListener(
    'dragover',
    (event) => {
      if (!isForUs(event)) return;
      // Where a part of the page takes files itself, the overlay would say the wrong thing.
      overlay.classList.toggle('shown', !event.defaultPrevented);
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  window.addEventListener(
    'drop',
    (event) => {
      if (!isForUs(event)) return;
      hide();
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) onDrop(event.dataTransfer);
    },
    { signal },
  );
}
