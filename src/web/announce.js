/*
 * Announces news: goals and corrections to screen readers and, for a while, in the title; what the
 * reader has chosen by a sound or a notification, which a lock leaves to one of several tabs.
 */
import { choice, choose, isFavourite } from './choices.js';
import { pageAddress } from './dom.js';
import { say } from './language.js';
import { isOfScore } from './state.js';
import { newsSentence } from './words.js';

const LINES_KEPT = 3;
const TITLE_MS = 20_000;
const LOCK_MS = 5_000;

/* "Ajax 2–1 PSV" */
export function titleOf({ home, away, score, state }) {
  return `${home} ${score && state !== 'upcoming' ? `${score.home}–${score.away}` : say('versus')} ${away}`;
}

/* What the browser says to notifications: granted, denied, default, or none where it has none for this page. */
export const permission = () => ('Notification' in globalThis && isSecureContext ? Notification.permission : 'none');

const worker = async () => (await navigator.serviceWorker?.getRegistration())?.active && navigator.serviceWorker.ready;

/*
 * Shows a notification; whether it could.  Some browsers allow that to service workers only.  The next one of a
 * match replaces the last, and alerts again.
 */
async function notify(title, options, address) {
  try {
    const registration = await worker();
    if (registration)
      await registration.showNotification(title, { ...options, data: { url: new URL(address, document.baseURI).href } });
    else
      Object.assign(new Notification(title, options), { onclick: () => {
        focus();
        document.dispatchEvent(new CustomEvent('go', { detail: address }));
      } });
    return true;
  } catch {
    return false;
  }
}

/* Asks the browser; whether notifications will come. */
export async function permit() {
  if (permission() === 'none' || await Notification.requestPermission() !== 'granted')
    return false;
  try {
    if (!await worker())
      new Notification('livescore', { silent: true }).close();
    return true;
  } catch {
    return false;                 // in a service worker only, and there is none
  }
}

/* The sound.  Browsers play one only after the reader has interacted with the page. */
let audio = null;

export async function tune() {
  audio ??= new AudioContext();
  await audio.resume();
}

/* Two notes, generated here: no file to load. */
export function play() {
  for (const [after, pitch] of [[0, 660], [0.16, 880]]) {
    const note = new OscillatorNode(audio, { type: 'triangle', frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    const from = audio.currentTime + after;
    volume.gain.setValueAtTime(0.2, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
    note.connect(volume).connect(audio.destination);
    note.start(from);
    note.stop(from + 0.3);
  }
}

/* Whether the reader wants a sound or a notification of it. */
function isWanted(one) {
  return choice('news').includes(isOfScore(one) ? 'goal' : one.kind) && (!choice('starredOnly') || isFavourite(one.match));
}

export class Announcer {
  #headline = '';
  #headlineUntil = 0;

  constructor() {
    for (const touch of ['pointerdown', 'keydown'])
      addEventListener(touch, () => choice('sound') && tune());
  }

  /* The title while there is no news. */
  title(text, now) {
    document.title = now < this.#headlineUntil ? this.#headline : text;
  }

  /* news: from state.js, each with its match, and whether the view shows that */
  tell(news) {
    const told = choice('hidden') ? [] : news, scores = told.filter((one) => one.shown && isOfScore(one));
    for (const { match, event, kind } of scores)
      this.#say(newsSentence(match, event, kind));
    if (scores.length > 0) {
      const { match, kind } = scores.at(-1);
      this.#headline = `${kind === 'goal' ? '⚽ ' : ''}${titleOf(match)}`;
      this.#headlineUntil = Date.now() + TITLE_MS;
      document.title = this.#headline;
    }
    const wanted = told.filter(isWanted);
    if (wanted.length > 0 && choice('sound') && audio?.state === 'running')
      this.#once('sound', wanted.at(-1), play);
    if (choice('notify') && permission() === 'granted')
      for (const one of wanted.slice(-LINES_KEPT))
        this.#once('notification', one, () => this.#show(one));
  }

  #say(sentence) {
    const announcer = document.getElementById('announcer'), line = document.createElement('p');
    line.textContent = sentence;
    announcer.append(line);
    while (announcer.childElementCount > LINES_KEPT)
      announcer.firstElementChild.remove();
  }

  /* In one tab only; locks exist only in secure contexts. */
  #once(what, { match, event, kind }, call) {
    if (!navigator.locks)
      call();
    else
      navigator.locks.request(`livescore ${what} ${match.id} ${event?.id ?? match.updatedAt} ${kind}`, { ifAvailable: true }, async (lock) => {
        if (lock === null)
          return;
        call();
        await new Promise((over) => setTimeout(over, LOCK_MS));
      });
  }

  async #show({ match, event, kind }) {
    const icon = document.querySelector('link[rel=icon]').href, body = newsSentence(match, event, kind);
    if (!await notify(titleOf(match), { body, icon, tag: match.id, renotify: true }, pageAddress({ match: match.id })))
      choose('notify', false);
  }
}
