// Dropping files anywhere on the page. While one hovers, the overlay says that it may be let go.

/**
 * @param {HTMLElement} overlay shown by the class `shown`
 * @param {(data: DataTransfer) => void} onDrop
 * @param {AbortSignal} signal
 */
export function createDropzone(overlay, onDrop, signal) {
  // Every element under the pointer sends its own enter and leave: count them.
  let depth = 0;

  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;

  function hide() {
    depth = 0;
    overlay.classList.remove('shown');
  }

  window.addEventListener(
    'dragenter',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      overlay.classList.add('shown');
    },
    { signal },
  );
  window.addEventListener(
    'dragleave',
    (event) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) hide();
    },
    { signal },
  );
  window.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event)) return;
      // Where a part of the page takes the files itself, the overlay would say the wrong thing.
      overlay.classList.toggle('shown', !event.defaultPrevented);
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  window.addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event)) return;
      hide();
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) onDrop(event.dataTransfer);
    },
    { signal },
  );
}
