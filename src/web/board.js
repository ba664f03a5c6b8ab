/*
 * The board: the matches of a day, by competition.  The day comes from the scoreboard; the
 * stream's rows change what is shown, and the rest of them is ignored.  Changes are collected
 * and painted once per animation frame; a row whose match did not change is not touched.
 *
 * A database in which no match has a kick-off is one list, without days.
 */
import { choice, isFavourite, isStarred, onChoice, star, toggle } from './choices.js';
import { dayAfter, dayOfMatch, dayTitle, isDay, offsetOn } from './days.js';
import { clone, highlight, mark, pageAddress, paintStar, write } from './dom.js';
import { say } from './language.js';
import { Row } from './row.js';
import { askMatches } from './server.js';
import { matchFrom, MATCHES_KEPT, merged, oldestOf } from './state.js';
import { dayName, dayOf, zoneName } from './times.js';

const MANY = 100;                 // from this number of rows on, those off screen are not painted
const AGAIN_MS = 30_000;          // after a day could not be had
const DAYS_SHOWN = [-1, 0, 1];
const LIVE = '\0live';            // the heading of the matches in play, if these are first
const FILTER_MAX = 60;
const SHOWS = ['all', 'live', 'finished', 'upcoming', 'starred'];

const collator = new Intl.Collator(undefined, { numeric: true });

/* For comparing typed text: no case, no accents. */
const folded = (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const at = (id) => document.getElementById(id);

export class BoardView {
  element = at('board');
  #want;
  #known = new Map();             // the scoreboard's matches of the day, by id
  #told = new Map();              // the stream's
  #rows = new Map();
  #leagues = new Map();           // by heading: {element, list, order, ...}
  #changed = new Set();
  #due = false;
  #ready = false;                 // there is something to show
  #dated = null;                  // whether matches have days; null: not known yet
  #day = null;                    // null: today
  #today = dayOf(Date.now());
  #loads = 0;
  #again = 0;
  #filter = '';
  #show = 'all';

  /* want(id): this match is open */
  constructor(want) {
    this.#want = want;
    at('day').addEventListener('change', ({ target }) => isDay(target.value) && this.#go(target.value));
    for (const button of at('shows').children)
      button.addEventListener('click', () => this.choose(button.value));
    onChoice(() => this.#paintAll());
  }

  /* The day and the filters of an address. */
  open(parameters) {
    const day = isDay(parameters.get('day') ?? '') ? parameters.get('day') : null;
    this.#show = SHOWS.includes(parameters.get('show')) ? parameters.get('show') : 'all';
    if (day !== this.#day || this.#loads === 0)
      this.#turn(day);
    this.#paintDays();
    this.filter(parameters.get('q') ?? '');
  }

  get isDue() {
    return this.#due;
  }

  get #shownDay() {
    return this.#day ?? this.#today;
  }

  close() {}

  /* whole: these are all matches that the stream has */
  show(matches, whole) {
    if (whole)
      this.#told = new Map();
    for (const match of matches)
      this.#hear(match);
    if (whole)
      this.#load();
    this.#later();
  }

  find(id) {
    return this.#match(id);
  }

  /* For news: matches that are shown, or are favourites wherever they are. */
  admits(match) {
    return this.#fits(match) && (this.#filter !== '' || this.#dated === false || this.#belongs(match));
  }

  filter(text) {
    this.#filter = folded(text.slice(0, FILTER_MAX).trim());
    for (const button of at('shows').children)
      button.setAttribute('aria-pressed', button.value === this.#show);
    this.#sift();
  }

  choose(show) {
    const address = new URL(location.href);
    this.#show = show;
    address.searchParams.set('show', show);
    if (show === 'all')
      address.searchParams.delete('show');
    history.replaceState(history.state, '', address);
    this.filter(this.#filter);
  }

  /* The only match shown, if there is just one. */
  get only() {
    const shown = [...this.#rows.values()].filter(({ element }) => !element.hidden);
    return shown.length === 1 && !shown[0].isHidden ? shown[0].match : null;
  }

  /* After midnight, today is another day: at once, or when the last match in play is over. */
  tick(now) {
    const today = dayOf(now);
    for (const row of this.#rows.values())
      row.tick(now);
    if (today === this.#today)
      return;
    const playing = [...this.#rows.values()].some(({ match }) => match.state === 'live');
    if (this.#day === null && this.#dated && playing)
      return;
    this.#today = today;
    if (this.#day === null)
      this.#turn(null);
    this.#paintDays();
  }

  paint() {
    this.#due = false;
    if (!this.#ready)
      return;
    at('static')?.remove();
    this.element.hidden = false;
    for (const id of this.#changed)
      this.#paintMatch(id);
    this.#bound(this.#changed);
    this.#changed.clear();
    at('leagues').classList.toggle('many', this.#rows.size > MANY);
    this.#sift();
  }

  celebrate(id) {
    const row = this.#rows.get(id);
    if (row && !row.isHidden)
      highlight(row.element, 'goal');
  }

  #hear(match) {
    if (this.#belongs(match))
      this.#told.set(match.id, match);
    else if (!this.#told.delete(match.id) && !this.#known.has(match.id))
      return;
    else if (dayOfMatch(match) !== null)
      this.#known.delete(match.id);           // it was moved to another day
    this.#changed.add(match.id);
  }

  #belongs(match) {
    const day = dayOfMatch(match);
    return this.#dated === false || (day ?? dayOf(match.updatedAt ?? Date.now())) === this.#shownDay || (day === null && this.#known.has(match.id));
  }

  #match(id) {
    const known = this.#known.get(id), told = this.#told.get(id);
    return told ? merged(known, told) : known;
  }

  /* So many matches are kept, however long the page is open. */
  #bound(fresh) {
    const others = [...this.#rows.values()].map(({ match }) => match).filter(({ id }) => !fresh.has(id));
    while (this.#rows.size > MATCHES_KEPT && others.length > 0) {
      const { id } = oldestOf(others);
      others.splice(others.findIndex((match) => match.id === id), 1);
      this.#known.delete(id);
      this.#told.delete(id);
      this.#paintMatch(id);
    }
  }

  #later() {
    if (!this.#due)
      requestAnimationFrame(() => this.paint());
    this.#due = true;
  }

  /* Shows another day: what was there goes when the new one is known. */
  #turn(day) {
    this.#day = day;
    this.#told = new Map();
    this.#load();
  }

  /* To a day with matches, if there is one. */
  #link(link, day) {
    link.hidden = day === undefined;
    if (day)
      link.href = pageAddress({ day });
    write(link, day ? dayName(day, this.#today) : '');
  }

  #go(day) {
    document.dispatchEvent(new CustomEvent('go', { detail: pageAddress(day === this.#today ? {} : { day }) }));
  }

  async #load() {
    const load = this.#loads += 1, day = this.#shownDay;
    clearTimeout(this.#again);
    const answer = this.#dated === false ? await askMatches({}) : await askMatches({ day, zone: zoneName() }) ?? await askMatches({ day, zone: offsetOn(day) });
    if (load !== this.#loads)
      return;                     // another day was chosen meanwhile
    if (answer === null)
      this.#again = setTimeout(() => this.#load(), AGAIN_MS);
    else
      this.#learn(answer);
    this.#ready = true;
    this.#later();
  }

  #learn({ matches, day, dated = day !== undefined, days = [], before, after, last_id: head }) {
    this.#dated = dated;
    const others = [before, ...days.map((one) => one.day), after].filter((one) => isDay(one ?? '')), [earlier, later] = at('none-that-day').querySelectorAll('a');
    this.#link(earlier, others.findLast((one) => one < day));
    this.#link(later, others.find((one) => one > day));
    this.#known = new Map(matches.map((entry) => matchFrom(entry, head)).filter(Boolean).map((match) => [match.id, match]));
    for (const [id, match] of this.#told)
      if (!this.#belongs(match))
        this.#told.delete(id);
    for (const id of [...this.#rows.keys(), ...this.#known.keys(), ...this.#told.keys()])
      this.#changed.add(id);
    this.#paintDays();
  }

  #paintAll() {
    for (const id of this.#rows.keys())
      this.#changed.add(id);
    this.#later();
  }

  #paintDays() {
    const day = this.#shownDay;
    at('days').hidden = this.#dated === false;
    at('day').hidden = this.#dated === false;
    at('day-title').classList.toggle('unseen', this.#dated === false);
    if (this.#dated === false) {
      write(at('day-title'), say('allMatches'));
      return;
    }
    write(at('day-title'), dayTitle(day, this.#today));
    at('day').value = day;
    const link = (element, to) => { element.href = pageAddress(to === this.#today ? {} : { day: to }); };
    link(at('day-before'), dayAfter(day, -1));
    link(at('day-after'), dayAfter(day, 1));
    for (const [n, element] of [...at('near-days').children].entries()) {
      const near = dayAfter(this.#today, DAYS_SHOWN[n]);
      link(element, near);
      write(element, dayName(near, this.#today));
      if (near === day)
        element.setAttribute('aria-current', 'date');
      else
        element.removeAttribute('aria-current');
    }
  }

  #fits(match) {
    const { state } = match, show = this.#show;
    return (this.#filter === '' || folded(`${match.home} ${match.away} ${match.competition}`).includes(this.#filter)) &&
      (show === 'all' || show === state || (show === 'finished' && state === 'off') || (show === 'starred' && isFavourite(match)));
  }

  #sift() {
    if (!this.#ready)
      return;
    let live = 0, shown = 0;
    for (const { element, match } of this.#rows.values()) {
      element.hidden = !this.#fits(match);
      live += match.state === 'live';
      shown += !element.hidden;
    }
    for (const { element, list, count, name } of this.#leagues.values()) {
      const fits = [...list.children].filter((row) => !row.hidden).length;
      element.hidden = fits === 0;
      write(count, fits);
      this.#fold(element, list, choice('folded').includes(name));
    }
    write(at('live-count'), live || '');
    at('none-that-day').hidden = this.#rows.size > 0 || !this.#dated;
    at('nothing').hidden = this.#rows.size > 0 || this.#dated === true;
    at('no-fit').hidden = this.#rows.size === 0 || shown > 0;
    at('none-starred').hidden = at('no-fit').hidden || this.#show !== 'starred' || choice('starred').length > 0;
  }

  #fold(element, list, isFolded) {
    list.hidden = isFolded;
    mark(element.querySelector('.fold'), 'aria-expanded', !isFolded);
  }

  #paintMatch(id) {
    const match = this.#match(id), row = this.#rows.get(id);
    if (!match) {
      this.#rows.delete(id);
      this.#take(row);
      return;
    }
    const painted = row ?? new Row(id, this.#want);
    this.#rows.set(id, painted);
    painted.paint(match);
    this.#place(painted, match);
  }

  /* Takes a row off the page, and its heading with the last one. */
  #take(row) {
    const { league } = row ?? {};
    row?.element.remove();
    if (league?.list.childElementCount === 0) {
      league.element.remove();
      this.#leagues.delete(league.key);
    }
  }

  /* Rows and headings keep a fixed order: none moves when something changes. */
  #place(row, match) {
    const league = this.#leagueOf(match);
    const order = `${String(match.startsAt ?? (Date.parse(match.localTime) || 0)).padStart(15, '0')}\0${match.id}`;
    if (league === row.league && order === row.order)
      return;
    const before = row.league;
    row.order = row.element.dataset.order = order;
    row.league = league;
    insert(league.list, row.element);
    if (before && before !== league && before.list.childElementCount === 0)
      this.#take({ league: before, element: { remove() {} } });
  }

  #leagueOf(match) {
    const { competition, group, round, season } = match, first = choice('liveFirst') && match.state === 'live';
    const key = first ? LIVE : `${competition}\0${group}\0${round}`;
    const league = this.#leagues.get(key) ?? this.#addLeague(key, first ? { competition: say('live'), group: '', round: '', season: '' } : match);
    const rank = first ? 0 : isStarred('competition', competition) ? 1 : competition === '' ? 3 : 2;
    const order = `${rank}\0${competition}\0${group}\0${round}`;
    if (first || league.element.dataset.order === order)
      return league;
    league.element.dataset.order = order;
    league.season = season;
    insert(at('leagues'), league.element);
    return league;
  }

  #addLeague(key, { competition, group, round, season }) {
    const element = clone('league-template'), list = element.querySelector('.matches'), count = element.querySelector('.count');
    const name = key === LIVE ? LIVE : competition;
    const league = { key, name, element, list, count };
    write(element.querySelector('.competition'), competition || say('otherMatches'));
    write(element.querySelector('.round'), [group, round].filter(Boolean).join(' · '));
    element.querySelector('.fold').addEventListener('click', () => toggle('folded', name));
    const button = element.querySelector('.star'), links = element.querySelector('.links');
    links.hidden = button.hidden = key === LIVE || competition === '';
    element.querySelector('.to-table').href = pageAddress({ table: competition, ...(season && { season }), ...(group && { group }) });
    element.querySelector('.to-scorers').href = pageAddress({ scorers: competition, ...(season && { season }) });
    button.addEventListener('click', () => star('competition', competition));
    const paint = () => paintStar(button, competition, isStarred('competition', competition));
    onChoice(paint);
    paint();
    element.dataset.order = key === LIVE ? '0' : '';
    this.#leagues.set(key, league);
    insert(at('leagues'), element);
    return league;
  }
}

/* Puts an element among the others of a list, in the order of their data-order. */
function insert(list, element) {
  let low = 0, high = list.childElementCount;
  element.remove();
  high = list.childElementCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (collator.compare(list.children[middle].dataset.order, element.dataset.order) <= 0)
      low = middle + 1;
    else
      high = middle;
  }
  list.insertBefore(element, list.children[low] ?? null);
}
