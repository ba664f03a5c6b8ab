/*
 * A match as a row of the board: when, who, how many.  It opens in place to its goals and
 * cards.
 */
import { choice, isStarred, star } from './choices.js';
import { clone, mark, pageAddress, paintEvents, paintNotes, paintStar, write, writeScore } from './dom.js';
import { say } from './language.js';
import { isAhead, shownNow, withoutScores } from './spoilers.js';
import { hasLost, redsOf, rowOf } from './state.js';
import { clockText, clockTime } from './times.js';
import { isPutOff } from './types.js';
import { goalsOf, statusName } from './words.js';

const SIDES = ['home', 'away'];

/* The kick-off says more than "upcoming", unless the match is put off. */
function whenText(match, now) {
  const { state, status, startsAt, localTime: there } = match;
  if (state === 'live')
    return clockText(match, now);
  if (state !== 'upcoming' || isPutOff(status))
    return '';
  const [time] = /([01]\d|2[0-3]):[0-5]\d/.exec(there) ?? [''];
  return startsAt !== null ? clockTime(startsAt) : time && clockTime(`2000-01-01T${time}`);
}

export class Row {
  element = clone('row-template');
  order = '';
  league = null;
  match = null;
  #parts = {};
  isOpen = false;
  #touched = false;
  #hidden = false;                // what is painted
  #onOpen;

  /* onOpen(id): the row wants its events */
  constructor(id, onOpen) {
    const part = (name) => (this.#parts[name] = this.element.querySelector(`.${name}`));
    ['row', 'clock', 'status', 'notes', 'star', 'more', 'events', 'quiet', 'page'].forEach(part);
    for (const side of SIDES)
      this.#parts[side] = Object.fromEntries(['team', 'cards', 'score'].map((name) => [name, this.element.querySelector(`.${side} .${name}`)]));
    this.#onOpen = onOpen;
    this.element.dataset.match = id;
    this.#parts.page.href = pageAddress({ match: id });
    this.#parts.row.addEventListener('click', () => this.open(!this.isOpen));
    this.#parts.star.addEventListener('click', () => star('match', id));
  }

  /* Scores may be hidden until the reader touches the row. */
  get isHidden() {
    return (choice('hidden') && !this.#touched) || isAhead(this.match);
  }

  open(opens) {
    const { row, more } = this.#parts;
    this.isOpen = opens;
    this.#touched ||= opens;
    row.setAttribute('aria-expanded', opens);
    more.hidden = !opens;
    this.paint(this.match);
    if (opens)
      this.#onOpen(this.match.id);
  }

  paint(match) {
    this.match = match;
    const { clock, status, star: button, quiet } = this.#parts, hidden = this.#hidden = this.isHidden, shown = hidden ? withoutScores(match) : match;
    mark(this.element, 'data-state', match.state);
    write(clock, whenText(match, shownNow()));
    write(status, match.state === 'upcoming' && !isPutOff(match.status) ? '' : statusName(shown.status));
    for (const side of SIDES)
      this.#paintSide(this.#parts[side], shown, side);
    paintNotes(this.#parts.notes, shown);
    paintStar(button, `${match.home} – ${match.away}`, isStarred('match', match.id));
    const events = this.isOpen ? rowOf(shown).events : [];
    paintEvents(this.#parts.events, 'event-template', match, events);
    quiet.hidden = hidden || events.length > 0;
  }

  tick(now) {
    if (this.#hidden && !this.isHidden)
      this.paint(this.match);     // its time has come
    if (this.match.state === 'live')
      write(this.#parts.clock, whenText(this.match, now));
  }

  #paintSide({ team, cards, score }, match, side) {
    const reds = redsOf(match, side);
    write(team, match[side]);
    team.classList.toggle('mine', isStarred('team', match[side]));
    cards.hidden = reds === 0 || this.isHidden;
    write(cards.firstElementChild, reds > 1 ? reds : '');
    write(cards.lastElementChild, say('redCards', { n: reds }));
    writeScore(score, this.isHidden && match.state !== 'upcoming' ? '?' : goalsOf(match, side));
    team.classList.toggle('lost', hasLost(match, side));
  }
}
