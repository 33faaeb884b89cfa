// How long a key takes from its press to a changed pixel of the terminal: for the bench and for tests.

const BETWEEN_MS = 90;

/**
 * Presses keys in the page itself, which leaves out what a test's connection to the browser takes. Time runs from the event
 * to the first animation frame after whose callbacks the terminal's picture is another.
 * @param {import('playwright-core').Page} page one whose program moves something by the arrow keys
 * @param {number} presses
 * @returns {Promise<number[]>} milliseconds, the least first
 */
export function keyLatencies(page, presses) {
  return page.evaluate(
    async ({ presses, between }) => {
      const field = /** @type {HTMLElement} */ (document.querySelector('.terminal-field'));
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.terminal-canvas'));
      // Every picture reaches the canvas by this call.
      let drawn = 0;
      const put = CanvasRenderingContext2D.prototype.putImageData;
      CanvasRenderingContext2D.prototype.putImageData = function (/** @type {any[]} */ ...given) {
        if (this.canvas === canvas) drawn = performance.now();
        return put.apply(this, /** @type {any} */ (given));
      };
      const times = [];
      const keys = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'];
      for (let count = 0; count < presses; count++) {
        await new Promise((resolve) => setTimeout(resolve, between + Math.random() * 20));
        drawn = 0;
        const start = performance.now();
        field.dispatchEvent(new KeyboardEvent('keydown', { key: keys[count % 4], bubbles: true, cancelable: true }));
        const until = start + 1000;
        while (drawn === 0 && performance.now() < until) await new Promise((resolve) => requestAnimationFrame(resolve));
        times.push(drawn === 0 ? Infinity : drawn - start);
      }
      return times.sort((a, b) => a - b);
    },
    { presses, between: BETWEEN_MS },
  );
}
