/*
 * The view of one match: its score, and its whole time line.
 */
import { clone, EventLines, goalsOf, pageAddress, write, writeScore } from './dom.js';
import { say } from './language.js';
import { clockText, localTime } from './times.js';
import { statusName } from './words.js';

export class MatchView {
  #id;
  #want;
  #match = null;
  #element = clone('one-template');
  #lines = new EventLines(this.#element.querySelector('.timeline'), 'moment-template');
  #due = false;

  /* want(id): this match is open; its log may have what the board does not */
  constructor(id, want) {
    this.#id = id;
    this.#want = want;
    this.#element.querySelector('.back').href = pageAddress({});
    document.getElementById('board').replaceWith(this.#element);
  }

  get isDue() {
    return this.#due;
  }

  get only() {
    return this.#match;
  }

  admits({ id }) {
    return id === this.#id;
  }

  show(matches, whole) {
    const match = matches.find(({ id }) => id === this.#id);
    if (whole) {
      this.#match = null;
      this.#want(this.#id);
    }
    this.#match = match ?? this.#match;
    if ((match || whole) && !this.#due) {
      this.#due = true;
      requestAnimationFrame(() => this.paint());
    }
  }

  find(id) {
    return this.admits({ id }) ? this.#match : null;
  }

  filter() {}

  celebrate() {}

  tick(now) {
    if (this.#match?.state === 'live')
      write(this.#element.querySelector('.clock'), clockText(this.#match, now));
  }

  paint() {
    const match = this.#match, at = (selector) => this.#element.querySelector(selector);
    this.#due = false;
    document.getElementById('static')?.remove();
    at('.missing').hidden = match !== null;
    at('.match').hidden = match === null;
    if (match === null)
      return;
    at('.match').dataset.state = match.state;
    at('.match').dataset.match = match.id;
    write(at('.status'), statusName(match.status));
    write(at('.competition'), match.competition);
    write(at('.clock'), clockText(match, Date.now()));
    for (const side of ['home', 'away']) {
      write(at(`.${side} .team`), match[side]);
      write(at(`.${side} .shootout`), match.shootout?.[side] ?? '');
      writeScore(at(`.${side} .score`), goalsOf(match, side));
    }
    this.#paintTime(at('.starts'), match.startsAt, (time) => say('kickoffAt', { time }));
    if (match.startsAt === null && match.localTime !== '') {
      at('.starts').hidden = false;
      write(at('.starts'), say('kickoffThere', { time: match.localTime }));
    }
    this.#paintTime(at('.updated'), match.updatedAt, (time) => say('updated', { time }));
    this.#lines.paint(match, match.events);
    at('.no-events').hidden = match.events.length > 0;
  }

  #paintTime(element, instant, words) {
    element.hidden = instant === null;
    if (instant === null)
      return;
    element.dateTime = new Date(instant).toISOString();
    write(element, words(localTime(instant, Date.now())));
  }
}
