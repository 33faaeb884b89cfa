// Dropping files anywhere on the page. While one hovers, the overlay says that it may be let go.

/**
 * @param {HTMLElement} overlay shown by the class `shown`
 * @param {(file: File) => void} onFile the first file of the drop
 * @param {AbortSignal} signal
 */
export function createDropzone(overlay, onFile, signal) {
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
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  window.addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      hide();
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    },
    { signal },
  );
}
