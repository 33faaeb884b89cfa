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
