/*
 * Announces news: to screen readers, in the document's title for a while, and by a
 * sound or a notification if the reader has turned these on.  A lock lets only one
 * of several tabs make a noise.
 */
import { say } from './language.js';
import { newsSentence, scoreSentence } from './words.js';

const LINES_KEPT = 3;
const TITLE_MS = 20_000;
const LOCK_MS = 5_000;

/* "Ajax 2–1 PSV" */
export function titleOf({ home, away, score, state }) {
  return `${home} ${score && state !== 'upcoming' ? `${score.home}–${score.away}` : say('versus')} ${away}`;
}

/* The reader's earlier choices; storage may be forbidden. */
const choices = {
  get(name) {
    try {
      return localStorage.getItem(`livescore.${name}`) === 'on';
    } catch {
      return false;
    }
  },
  set(name, on) {
    try {
      localStorage.setItem(`livescore.${name}`, on ? 'on' : 'off');
    } catch {
      // the choice holds for this visit
    }
  },
};

export class Announcer {
  #audio = null;
  #title = 'livescore';
  #headline = '';
  #headlineUntil = 0;
  #sound = document.getElementById('sound');
  #notify = document.getElementById('notify');

  constructor() {
    this.#toggle(this.#sound, 'sound', () => {
      this.#tune().then(() => this.#play());
      return true;
    });
    for (const touch of ['pointerdown', 'keydown'])
      addEventListener(touch, () => this.#isOn(this.#sound) && this.#tune());
    this.#toggle(this.#notify, 'notify', async () => await Notification.requestPermission() === 'granted');
    if (!('Notification' in globalThis) || Notification.permission === 'denied')
      this.#notify.hidden = true;
    else if (Notification.permission !== 'granted')
      this.#press(this.#notify, false);
  }

  /* The title while there is no news. */
  title(text, now) {
    this.#title = text;
    document.title = now < this.#headlineUntil ? this.#headline : this.#title;
  }

  /* news: from state.js, each with its match */
  tell(news) {
    if (news.length === 0)
      return;
    for (const { match, event, kind } of news)
      this.#say(newsSentence(match, event, kind));
    const { match, kind } = news.at(-1);
    this.#headline = `${kind === 'goal' ? '⚽ ' : ''}${titleOf(match)}`;
    this.#headlineUntil = Date.now() + TITLE_MS;
    this.title(this.#title, Date.now());
    if (this.#isOn(this.#sound) && this.#audio?.state === 'running')
      this.#once('sound', news.at(-1), () => this.#play());
    if (this.#isOn(this.#notify))
      for (const one of news.slice(-LINES_KEPT))
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

  /* The next notification of a match replaces the last, and alerts again. */
  #show({ match, event, kind }) {
    const body = event ? newsSentence(match, event, kind) : scoreSentence(match);
    const icon = document.querySelector('link[rel=icon]').href;
    try {
      new Notification(titleOf(match), { body, icon, tag: match.id, renotify: true });
    } catch {
      this.#press(this.#notify, false);        // some browsers allow it in service workers only
    }
  }

  /* Two notes, generated here: no file to load. */
  #play() {
    const audio = this.#audio;
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

  /* Browsers play sounds only after the reader has interacted with the page. */
  async #tune() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
  }

  #toggle(button, name, permit) {
    this.#press(button, choices.get(name));
    button.addEventListener('click', async () => {
      const on = !this.#isOn(button) && await permit();
      this.#press(button, on);
      choices.set(name, on);
    });
    addEventListener('storage', ({ key, newValue }) => {      // a choice in another tab applies to all
      if (key === `livescore.${name}`)
        this.#press(button, newValue === 'on');
    });
  }

  #isOn(button) {
    return button.getAttribute('aria-pressed') === 'true';
  }

  #press(button, on) {
    button.setAttribute('aria-pressed', on);
  }
}
