// Light, dark or the system's colours: one switch that goes round the three. boot.js sets the remembered one before the first paint.

import { byId, icon } from './ui/dom.js';

/** @import { Settings } from './settings.js' */

/** @typedef {Settings['theme']} Theme */

/** @type {Readonly<Record<Theme, { next: Theme, name: string, path: string }>>} */
const THEMES = {
  system: { next: 'light', name: 'the system’s colours', path: 'M2.5 3.5h11v7.500h-11zM6 13.500h4' },
  light: {
    next: 'dark',
    name: 'light',
    path: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  },
  dark: { next: 'system', name: 'dark', path: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z' },
};

/** @param {{ now: () => Settings, change: (part: Partial<Settings>) => void }} settings */
export function createTheme(settings) {
  const button = byId('theme');

  function draw() {
    const { theme } = settings.now();
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    button.setAttribute('aria-label', `Colours: ${THEMES[theme].name}`);
    button.replaceChildren(icon(THEMES[theme].path));
  }

  draw();
  return {
    next() {
      settings.change({ theme: THEMES[settings.now().theme].next });
      draw();
    },
  };
}
