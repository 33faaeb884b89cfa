// Runs before the first paint (a classic script in the head): puts the remembered theme and layout on the root element,
// so that nothing moves or changes colour when the page's own scripts arrive, and has fetched what these will ask for. The
// record is settings.js's. If they do not arrive, it says so where the page says that it is loading.
import { fetchFirst } from './first-fetches.js';

addEventListener(
  'error',
  ({ target }) => {
    const place = document.getElementById('output-empty');
    if (place && target instanceof HTMLScriptElement)
      place.textContent = 'A part of the page could not be loaded. Check the connection, then load it again.';
  },
  true,
);

/** The remembered record, as it stands; empty where there is none or no storage. @returns {any} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem('jsrust.settings') ?? 'null') ?? {};
  } catch {
    return {};
  }
}

const settings = remembered();
const root = document.documentElement;
if (settings.theme === 'light' || settings.theme === 'dark') root.dataset.theme = settings.theme;
if (settings.programsFolded === true) root.dataset.programs = 'folded';
if (settings.middle === 'side') root.dataset.middle = 'side';
for (const [name, property] of [
  ['inspectorWidth', '--inspector-width'],
  ['stepperHeight', '--stepper-height'],
])
  if (Number.isFinite(settings[name])) root.style.setProperty(property, `${settings[name]}px`);
fetchFirst(settings.last);
