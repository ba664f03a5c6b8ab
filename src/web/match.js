/*
 * The page of a match: its score, where it belongs, its whole time line, the shoot-out kick by kick,
 * and line-ups and statistics where the data has them.
 */
import { choice, isStarred, onChoice, star } from './choices.js';
import { clone, fill, later, pageAddress, paintEvents, paintNotes, paintStar, write, writeAll, writeScore } from './dom.js';
import { number, say, sayOf } from './language.js';
import { ask } from './server.js';
import { isAhead, shownNow, together, withoutScores } from './spoilers.js';
import { matchFrom } from './state.js';
import { clockText, localTime } from './times.js';
import { eventName, goalsOf, statusName } from './words.js';

const LOG_MS = 4_000;             // from the start of the visit
const AGAIN_MS = 100;
const SIDES = ['home', 'away'];
const isKick = ({ type, voided }) => !voided && (type === 'shootout-goal' || type === 'shootout-miss');
const textOf = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export class MatchView {
  element = clone('one-template');
  #id = null;
  #want;
  #find;
  #known = null;                  // what the scoreboard has
  #told = null;                   // what the stream has
  #touched = false;
  #hidden = false;                // what is painted

  /* want(id): this match is open, and its log is wanted; null: none is.  find(id): what the board has of it */
  constructor(want, find) {
    this.#want = want;
    this.#find = find;
    for (const side of SIDES)
      this.#at(`.duel > .${side} .star`).addEventListener('click', () => star('team', this.#match[side]));
    this.#at('.star.it').addEventListener('click', () => star('match', this.#id));
    this.#at('.reveal').addEventListener('click', () => {
      this.#touched = true;
      this.paint();
      document.getElementById('view').focus({ preventScroll: true });    // the button is gone
    });
    onChoice(() => this.#id !== null && this.paint());
  }

  open(parameters) {
    this.#id = parameters.get('match');
    this.#known = this.#find(this.#id) ?? null;
    this.#told = null;
    this.#touched = false;
    this.#at('.match').hidden = this.#at('.missing').hidden = true;
    this.#at('.back').href = pageAddress({});
    this.#want(this.#id);
    this.#learn(this.#id);
    if (this.#known)
      later(this.paint);
  }

  close() {
    this.#id = null;
    this.#want(null);
  }

  get only() {
    return this.#isHidden ? null : this.#match;
  }

  get #match() {
    return together(this.#known, this.#told);
  }

  get #isHidden() {
    return (choice('hidden') && !this.#touched) || (this.#match !== null && isAhead(this.#match));
  }

  #at(selector) {
    return this.element.querySelector(selector);
  }

  admits({ id }) {
    return id === this.#id;
  }

  show(matches, whole) {
    const match = matches.find(({ id }) => id === this.#id);
    if (whole) {
      this.#told = null;
      this.#want(this.#id);
    }
    this.#told = match ?? this.#told;
    if (match || whole)
      later(this.paint);
  }

  tick(now) {
    if (this.#hidden && !this.#isHidden)
      this.paint();
    if (this.#match?.state === 'live')
      write(this.#at('.clock'), clockText(this.#match, now));
  }

  /* The stream does not tell of aggregates, line-ups and statistics. */
  async #learn(id) {
    const { matches: [entry], last_id: head } = await ask('matches', { match: id }) ?? { matches: [] };
    if (id !== this.#id)
      return;
    const match = entry?.match_id === id ? matchFrom({ ...entry, ...entry.details }, head) : this.#known;
    this.#known = this.#known && isAhead(match) ? { ...this.#known, lineups: match.lineups } : match;
    later(this.paint);
  }

  paint = () => {
    const match = this.#match, at = (selector) => this.#at(selector);
    if (match && !match.logged && !this.#isHidden && document.getElementById('static') && performance.now() < LOG_MS) {
      setTimeout(later, AGAIN_MS, this.paint);
      return;                     // the service's time line stays until the whole one is there
    }
    document.getElementById('static')?.remove();
    at('.missing').hidden = match !== null;
    at('.match').hidden = match === null;
    if (match === null)
      return;
    const hidden = this.#hidden = this.#isHidden, shown = hidden ? withoutScores(match) : match;
    at('.match').dataset.state = match.state;
    at('.match').dataset.match = match.id;
    writeAll(this.element, {
      status: statusName(shown.status), clock: clockText(shown, shownNow()), competition: match.competition,
      round: [match.group, match.round, match.venue].filter(Boolean).join(' · '),
    });
    for (const side of SIDES) {
      write(at(`.${side} .team`), match[side]);
      writeScore(at(`.result .${side}`), hidden ? '?' : goalsOf(match, side));
      paintStar(at(`.duel > .${side} .star`), match[side], isStarred('team', match[side]));
    }
    paintStar(at('.star.it'), `${match.home} – ${match.away}`, isStarred('match', match.id));
    at('.where a').hidden = match.competition === '';
    at('.where a').href = pageAddress({ table: match.competition, ...(match.season && { season: match.season }) });
    paintNotes(at('.notes'), shown);
    this.#paintTime(at('.starts'), match.startsAt, (time) => say('kickoffAt', { time }), match.localTime && say('kickoffThere', { time: match.localTime }));
    this.#paintTime(at('.updated'), match.updatedAt, (time) => say('updated', { time }));
    at('.reveal').hidden = !hidden || isAhead(match);
    paintEvents(at('.timeline'), 'moment-template', match, shown.events);
    at('.no-events').hidden = hidden || match.events.length > 0;
    this.#paintKicks(match, shown.events.filter(isKick).reverse());
    this.#paintLineups(match);
    this.#paintStatistics(shown.statistics);
  };

  /* otherwise: what to say without an instant */
  #paintTime(element, instant, words, otherwise = '') {
    const text = instant === null ? otherwise : words(localTime(instant, Date.now()));
    element.hidden = text === '';
    element.dateTime = instant === null ? '' : new Date(instant).toISOString();
    write(element, text);
  }

  #paintKicks(match, kicks) {
    this.#at('.shoot').hidden = kicks.length === 0;
    write(this.#at('.shoot-title'), eventName('shootout'));
    for (const side of SIDES) {
      const list = this.#at(`.kicks.${side}`), own = kicks.filter(({ team }) => team === side);
      write(list.previousElementSibling, match[side]);
      fill(list, own, 'kick-template', (line, { type, player }, n) => {
        const scored = type === 'shootout-goal';
        line.className = scored ? 'scored' : 'missed';
        line.title = player;
        write(line.lastElementChild, `${say('kick', { n: n + 1 })}: ${player ? `${player}, ` : ''}${scored ? say('scored') : say('missed')}`);
      });
    }
  }

  /* lineups: {home: {formation, coach, players: [{number, name, position, captain, starts}]}, away: ...} */
  #paintLineups({ lineups, home, away }) {
    const teams = { home, away };
    this.#at('.lineups').hidden = lineups === null;
    for (const side of SIDES) {
      const { formation, coach, starting, bench } = lineups?.[side] ?? {}, at = (name) => this.#at(`.lineup.${side} ${name}`);
      write(at('h4'), [teams[side], textOf(formation)].filter(Boolean).join(' · '));
      for (const [name, players] of [['.starting', starting], ['.bench', bench]])
        fill(at(name), Array.isArray(players) ? players : [], 'player-template', paintPlayer);
      write(at('.coach'), coach ? `${say('coach')}: ${textOf(coach)}` : '');
      at('.substitutes').hidden = !Array.isArray(bench) || bench.length === 0;
    }
  }

  /* statistics: {possession: {home: 60, away: 40}, ...} */
  #paintStatistics(statistics) {
    const entries = Object.entries(statistics ?? {}).filter(([, value]) => Number.isFinite(value?.home) && Number.isFinite(value?.away));
    this.#at('.statistics').hidden = entries.length === 0;
    fill(this.#at('.bars'), entries, 'bar-template', (line, [name, { home, away }]) => {
      write(line.querySelector('.name'), sayOf('statisticNames', name) ?? name.replaceAll('_', ' '));
      write(line.querySelector('.home'), number(home));
      write(line.querySelector('.away'), number(away));
      line.querySelector('meter').value = home + away > 0 ? home / (home + away) : 0.5;
    });
  }
}

function paintPlayer(line, player) {
  const { number, name, captain } = typeof player === 'object' && player !== null ? player : { name: player };
  write(line.firstElementChild, textOf(number));
  write(line.lastElementChild, captain === true ? `${textOf(name)} (${say('captain')})` : textOf(name));
}
