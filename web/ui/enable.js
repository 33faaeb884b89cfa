// Controls that become useless give the focus on: a disabled one would lose it to the page.

/**
 * @param {HTMLButtonElement | HTMLInputElement} control
 * @param {boolean} on
 * @param {{ focus: () => void }} instead what gets the focus that stands on a control which goes off
 */
export function setEnabled(control, on, instead) {
  if (!on && document.activeElement === control) instead.focus();
  control.disabled = !on;
}

const TAKES_FOCUS = ':is(button, select, input):enabled:not([tabindex="-1"]), [tabindex="0"]';

/**
 * What is hidden, disabled or taken away while it has the focus, and did not give it on, loses it to the page: then the
 * nearest control gets it.
 * @param {AbortSignal} signal
 */
export function keepFocus(signal) {
  document.addEventListener(
    'focusout',
    (event) => {
      const [control, ...places] = event.composedPath().filter((each) => each instanceof Element);
      setTimeout(() => {
        const isThere = control.checkVisibility() && !control.matches(':disabled');
        if (isThere || document.activeElement !== document.body) return;
        for (const place of places) {
          const near = [...place.querySelectorAll(TAKES_FOCUS)].find((each) => each.checkVisibility());
          if (near) return /** @type {HTMLElement} */ (near).focus({ preventScroll: true });
        }
      });
    },
    { signal },
  );
}
