/*
 * Announces news: goals and corrections to screen readers and, for a while, in the title; what the
 * reader has chosen by a sound or a notification, which a lock leaves to one of several tabs.
 */
import { choice, choose, isFavourite } from './choices.js';
import { pageAddress } from './dom.js';
import { say } from './language.js';
import { withoutScores } from './spoilers.js';
import { isOfScore } from './state.js';
import { newsSentence } from './words.js';

const LINES_KEPT = 3;
const TITLE_MS = 20_000;
const NOTIFIED_MAX = 10;
const LOCK_MS = 90_000;           // with a delay, hidden tabs come to it up to a minute later

/* "Ajax 2–1 PSV" */
export function titleOf({ home, away, score, state }) {
  return `${home} ${score && state !== 'upcoming' ? `${score.home}–${score.away}` : say('versus')} ${away}`;
}

/* What the browser says to notifications: granted, denied, default, or none where it has none for this page. */
let failed = false;
export const permission = () => ('Notification' in globalThis && isSecureContext && !failed ? Notification.permission : 'none');

/* The service worker, or null where the browser allows none. */
export async function worker() {
  try {
    await navigator.serviceWorker.register(new URL('offline.js', document.baseURI));
    return await navigator.serviceWorker.ready;
  } catch {
    return null;
  }
}

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
    failed = true;                // in a service worker only, and there is none
    return false;
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

/* Whether a reader may be told of a kind of news: goals and red cards are about the score. */
export const isAllowed = (kind) => !choice('hidden') || !['goal', 'red'].includes(kind);

/* Whether the reader's choices let anything come at all. */
export const isAnyWanted = () => choice('news').some(isAllowed) && !(choice('starredOnly') && choice('starred').length === 0);

/* Whether the reader wants a sound or a notification of it. */
function isWanted(one) {
  const kind = isOfScore(one) ? 'goal' : one.kind;
  return choice('news').includes(kind) && isAllowed(kind) && (!choice('starredOnly') || isFavourite(one.match));
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
    const scores = choice('hidden') ? [] : news.filter((one) => one.shown && isOfScore(one));
    for (const { match, event, kind } of scores)
      this.#say(newsSentence(match, event, kind));
    if (scores.length > 0) {
      const { match, kind } = scores.at(-1);
      this.#headline = `${kind === 'goal' ? '⚽ ' : ''}${titleOf(match)}`;
      this.#headlineUntil = Date.now() + TITLE_MS;
      document.title = this.#headline;
    }
    const wanted = news.filter(isWanted), newest = [...new Map(wanted.map((one) => [one.match.id, one])).values()];
    if (wanted.length > 0 && choice('sound') && audio?.state === 'running')
      this.#once('sound', wanted.at(-1), play);
    if (choice('notify') && permission() === 'granted')
      for (const one of newest.slice(-NOTIFIED_MAX))
        this.#once('notification', one, () => this.#show(one));
  }

  #say(sentence) {
    const announcer = document.getElementById('announcer'), line = document.createElement('p');
    line.textContent = sentence;
    announcer.append(line);
    while (announcer.childElementCount > LINES_KEPT)
      announcer.firstElementChild.remove();
  }

  /* In one tab only; locks exist only in secure contexts, and readers may forbid them. */
  async #once(what, { match, event, kind }, call) {
    try {
      await navigator.locks.request(`livescore ${what} ${match.id} ${event?.id ?? match.updatedAt} ${kind}`, { ifAvailable: true }, async (lock) => {
        if (lock === null)
          return;
        call();
        await new Promise((over) => setTimeout(over, LOCK_MS));
      });
    } catch {
      call();
    }
  }

  async #show({ match: whole, event, kind }) {
    const match = choice('hidden') ? withoutScores(whole) : whole, icon = document.querySelector('link[rel=icon]').href, body = newsSentence(match, event, kind);
    if (!await notify(titleOf(match), { body, icon, tag: match.id, renotify: true }, pageAddress({ match: match.id })))
      choose('notify', false);
  }
}
