/*
 * The dialog with the reader's choices.  A switch is never on for what can't happen.
 */
import { isAllowed, isAnyWanted, permission, permit, play, tune } from './announce.js';
import { choice, choose, onChoice, toggle } from './choices.js';
import { LANGUAGES, languageNow, say } from './language.js';
import { eventName } from './words.js';

const DELAY_MAX = 120;            // seconds
const SWITCHES = ['sound', 'notify', 'starredOnly', 'liveFirst', 'hidden'];
const at = (id) => document.getElementById(id);

/* What turning one on takes; whether it worked. */
const ENABLE = {
  sound: () => tune().then(play).then(() => true, () => false),
  notify: permit,
};

function paint() {
  const allowed = permission(), any = isAnyWanted();
  at('sound').disabled = !any;
  at('notify').disabled = !any || allowed === 'none' || allowed === 'denied';
  for (const name of SWITCHES)
    at(name).checked = choice(name) && !at(name).disabled && (name !== 'notify' || allowed === 'granted');
  at('no-notify').hidden = !at('notify').disabled;
  at('no-notify').textContent = !any ? say('nothingComes') : allowed === 'none' ? say('unsupported') : say('blocked');
  at('delay').value = choice('delay');
  for (const input of at('kinds').querySelectorAll('input')) {
    input.disabled = !isAllowed(input.value);
    input.checked = !input.disabled && choice('news').includes(input.value);
  }
}

function addLanguages() {
  for (const [code, name] of LANGUAGES)
    at('language').add(new Option(name, code, false, code === languageNow()));
  at('language').addEventListener('change', ({ target }) => {
    const address = new URL(location.href);
    address.searchParams.set('lang', target.value);
    location.assign(address);
  });
}

function wire(dialog) {
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  for (const name of SWITCHES)
    at(name).addEventListener('change', async ({ target: { checked } }) => {
      paint();                    // not on before it works
      choose(name, checked && (await ENABLE[name]?.() ?? true));
      paint();
    });
  for (const input of at('kinds').querySelectorAll('input')) {
    input.nextElementSibling.textContent = { goal: say('goals'), red: say('redCardsKind') }[input.value] ?? eventName(input.value);
    input.addEventListener('change', () => toggle('news', input.value));
  }
  at('delay').max = DELAY_MAX;
  at('delay').addEventListener('change', ({ target }) => choose('delay', Math.min(DELAY_MAX, Math.max(0, Math.round(target.valueAsNumber) || 0))));
  addLanguages();
  onChoice(paint);
  navigator.permissions?.query({ name: 'notifications' }).then((status) => status.addEventListener('change', paint)).catch(() => {});
}

let isWired = false;

export function openSettings() {
  if (!isWired)
    wire(at('settings'));
  isWired = true;
  paint();
  at('settings').showModal();
}
