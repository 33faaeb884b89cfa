// A tab list (WAI-ARIA tabs with automatic activation): arrows, Home and End move, the selected tab alone is in the tab order.

/**
 * @param {HTMLElement} list the element with role="tablist"; its tabs carry data-tab
 * @param {(name: string) => void} onSelect called when the user picks a tab
 * @param {AbortSignal} signal
 * @returns {{ select: (name: string) => void }} `select` shows a tab as chosen without calling onSelect
 */
export function createTabs(list, onSelect, signal) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=tab]')]);

  /** @param {string} name */
  function select(name) {
    for (const tab of tabs) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    if (!tabs.some((tab) => tab.tabIndex === 0) && tabs[0]) tabs[0].tabIndex = 0;
  }

  /** @param {HTMLElement} tab */
  function choose(tab) {
    const name = tab.dataset.tab ?? '';
    select(name);
    tab.focus();
    onSelect(name);
  }

  for (const tab of tabs) tab.addEventListener('click', () => choose(tab), { signal });
  list.addEventListener(
    'keydown',
    (event) => {
      const at = tabs.indexOf(/** @type {HTMLElement} */ (event.target));
      if (at < 0) return;
      const shown = tabs.filter((tab) => tab.offsetParent !== null);
      const here = shown.indexOf(tabs[at]);
      const next =
        event.key === 'ArrowRight'
          ? here + 1
          : event.key === 'ArrowLeft'
            ? here - 1
            : event.key === 'Home'
              ? 0
              : event.key === 'End'
                ? shown.length - 1
                : null;
      if (next === null) return;
      event.preventDefault();
      choose(shown[(next + shown.length) % shown.length]);
    },
    { signal },
  );
  return { select };
}
