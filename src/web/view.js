/*
 * The board: a card for each match, in sections by state.  Changes are collected and
 * painted once per animation frame; a card whose match did not change is not
 * touched.
 */
import { clone, EventLines, goalsOf, highlight, pageAddress, write, writeScore } from './dom.js';
import { cardOf } from './state.js';
import { clockText, localTime } from './times.js';
import { isPutOff } from './types.js';
import { statusName } from './words.js';

const MANY = 60;                  // from this number of cards on, those off screen are not painted
const STATES = ['live', 'upcoming', 'finished', 'off'];

/* For comparing typed text: no case, no accents. */
const folded = (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/* The kick-off says more than "upcoming", unless the match is put off. */
function statusText({ status, state, startsAt, localTime: there }) {
  if (state === 'upcoming' && !isPutOff(status)) {
    if (startsAt !== null)
      return localTime(startsAt, Date.now());
    if (there !== '') // in an unknown zone: local time
      return there;
  }
  return statusName(status);
}

const orderOf = ({ competition, startsAt, localTime: there, id }) =>
  `${competition}\0${String(startsAt ?? (Date.parse(there) || 0)).padStart(15, '0')}\0${id}`;

export class BoardView {
  #want;
  #matches = new Map();
  #cards = new Map();             // by match id: {element, lines, match}
  #changed = new Set();
  #due = false;
  #filter = '';
  #seen = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: '200px' });

  /* want(id): this match is visible */
  constructor(want) {
    this.#want = want;
  }

  /* whole: these are all matches; gone: the ids of those that were dropped */
  show(matches, whole, gone) {
    if (whole)
      this.#matches = new Map();
    for (const id of gone) {
      this.#matches.delete(id);
      this.#changed.delete(id);
    }
    for (const match of matches) {
      this.#matches.set(match.id, cardOf(match));
      this.#changed.add(match.id);
    }
    if (whole || gone.length > 0)
      this.#forget(whole);
    if (!this.#due)
      requestAnimationFrame(() => this.paint());
    this.#due = true;
  }

  get isDue() {
    return this.#due;
  }

  find(id) {
    return this.#matches.get(id);
  }

  filter(text) {
    this.#filter = folded(text.trim());
    for (const card of this.#cards.values())
      this.#sift(card);
    this.#count();
  }

  admits(match) {
    return this.#filter === '' || folded(`${match.home} ${match.away} ${match.competition}`).includes(this.#filter);
  }

  /* The only match shown, if there is just one. */
  get only() {
    const shown = [...this.#matches.values()].filter((match) => this.admits(match));
    return shown.length === 1 ? shown[0] : null;
  }

  tick(now) {
    for (const { element, match } of this.#cards.values())
      if (match.state === 'live')
        write(element.querySelector('.clock'), clockText(match, now));
  }

  paint() {
    this.#due = false;
    document.getElementById('static')?.remove();
    document.getElementById('board').hidden = false;
    document.getElementById('board').classList.toggle('many', this.#matches.size > MANY);
    for (const id of this.#changed)
      this.#paintMatch(this.#matches.get(id));
    this.#changed.clear();
    this.#count();
  }

  celebrate(id) {
    const card = this.#cards.get(id);
    if (card)
      highlight(card.element, 'goal');
  }

  /* Removes the cards of dropped matches; with anew, the others are wanted again. */
  #forget(anew) {
    for (const [id, { element }] of this.#cards) {
      const stays = this.#matches.has(id);
      if (anew || !stays)
        this.#seen.unobserve(element);
      if (anew && stays)
        this.#seen.observe(element);
      if (stays)
        continue;
      element.remove();
      this.#cards.delete(id);
    }
  }

  #look(entries) {
    for (const { isIntersecting, target } of entries) {
      const match = this.#matches.get(target.dataset.match);
      if (isIntersecting && match && match.state !== 'upcoming')
        this.#want(match.id);
    }
  }

  #count() {
    for (const state of STATES) {
      const section = document.getElementById(state);
      const shown = section.querySelectorAll('.match:not([hidden])').length;
      section.hidden = shown === 0;
      write(section.querySelector('.count'), shown);
    }
    const none = STATES.every((state) => document.getElementById(state).hidden);
    document.getElementById('nothing').hidden = this.#matches.size > 0;
    document.getElementById('no-fit').hidden = this.#matches.size === 0 || !none;
  }

  #paintMatch(match) {
    const card = this.#cards.get(match.id) ?? this.#addCard(match);
    const { element } = card;
    const moved = card.match?.state !== match.state;
    card.match = match;
    write(element.querySelector('.status'), statusText(match));
    write(element.querySelector('.competition'), match.competition);
    write(element.querySelector('.clock'), clockText(match, Date.now()));
    for (const side of ['home', 'away'])
      this.#paintSide(element.querySelector(`.${side}`), match, side);
    card.lines.paint(match, match.events);
    this.#sift(card);
    if (moved) {
      this.#place(card);
      this.#seen.unobserve(element);
      this.#seen.observe(element);
    }
  }

  #addCard(match) {
    const element = clone('match-template');
    const card = { element, lines: new EventLines(element.querySelector('.events'), 'event-template'), match: null };
    element.dataset.match = match.id;
    element.querySelector('a').href = pageAddress({ match: match.id });
    this.#cards.set(match.id, card);
    return card;
  }

  #paintSide(element, match, side) {
    write(element.querySelector('.team'), match[side]);
    write(element.querySelector('.shootout'), match.shootout?.[side] ?? '');
    writeScore(element.querySelector('.score'), goalsOf(match, side));
  }

  #sift({ element, match }) {
    element.hidden = !this.admits(match);
  }

  /* Cards keep a fixed order: none moves when something changes. */
  #place({ element, match }) {
    const list = document.querySelector(`#${match.state} .matches`);
    element.dataset.order = orderOf(match);
    let low = 0, high = list.childElementCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list.children[middle].dataset.order < element.dataset.order)
        low = middle + 1;
      else
        high = middle;
    }
    list.insertBefore(element, list.children[low] ?? null);
  }
}
