/*
 * The board: the matches of a day, by competition.  The day comes from the scoreboard; the
 * stream's rows change what is shown, and the rest of them is ignored.
 * A database in which no match has a kick-off is one list, without days.
 */
import { choice, isFavourite, isStarred, onChoice, star, toggle } from './choices.js';
import { dayAfter, dayName, dayOfMatch, dayTitle, isDay, offsetOn } from './days.js';
import { clone, later, mark, noteInAddress, pageAddress, paintStar, write } from './dom.js';
import { say } from './language.js';
import { Row } from './row.js';
import { askMatches } from './server.js';
import { together } from './spoilers.js';
import { matchFrom, MATCHES_KEPT, oldestOf } from './state.js';
import { dayOf, serverTime, zoneName } from './times.js';

const MANY = 100;                 // from this number of rows on, those off screen are not painted
const AGAIN_MS = 30_000;          // after a day could not be had
const STUCK_MS = 10_800_000;      // after the last update, a match in play is one that was given up
const DAYS_SHOWN = [-1, 0, 1];
const LIVE = '\0live';            // the heading of the matches in play, if these are first
const FILTER_MAX = 60;
const SHOWS = ['all', 'live', 'finished', 'upcoming', 'starred'];
const STATES = ['live', 'upcoming', 'finished', 'off'];

const collator = new Intl.Collator(undefined, { numeric: true });

/* For comparing typed text: no case, no accents. */
const folded = (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const at = (id) => document.getElementById(id);

export class BoardView {
  element = at('board');
  #want;
  #known = new Map();             // the scoreboard's matches of the day, by id
  #told = new Map();              // the stream's, of all days
  #asked = new Set();             // ids of those of which the scoreboard knows whether they are of the day
  #rows = new Map();
  #leagues = new Map();           // by heading: {element, list, order, ...}
  #changed = new Set();
  #ready = false;                 // there is something to show
  #lost = false;                  // the service did not say which matches the day has
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
    // A year that is being typed begins with zeros.
    at('day').addEventListener('change', ({ target }) =>
      isDay(target.value) && !target.value.startsWith('0') && document.dispatchEvent(new CustomEvent('go', { detail: this.#addressOf(target.value) })));
    for (const button of at('shows').children)
      button.addEventListener('click', () => this.#choose(button.value));
    at('filter').addEventListener('input', () => this.#choose(this.#show));
    at('filter').form.addEventListener('submit', (event) => event.preventDefault());
    at('clear').addEventListener('click', () => {
      this.#choose('all', '');
      at('filter').focus();
    });
    onChoice(() => this.#paintAll());
  }

  /* The day and the filters of an address. */
  open(parameters) {
    const day = isDay(parameters.get('day') ?? '') ? parameters.get('day') : null;
    if (day !== this.#day || this.#loads === 0)
      this.#turn(day);
    this.#paintDays();
    this.#admit(parameters.get('show'), parameters.get('q') ?? '');
    later(this.paint);
  }

  get #shownDay() {
    return this.#day ?? this.#today;
  }

  /* whole: these are all matches that the stream has; gone: ids of those that it no longer has */
  show(matches, whole, gone) {
    if (whole)
      this.#told.clear();
    gone.forEach((id) => this.#told.delete(id));
    matches.forEach((match) => this.#told.set(match.id, match));
    for (const id of [...gone, ...matches.map((match) => match.id)])
      this.#changed.add(id);
    if (whole)
      this.#load();
    later(this.paint);
  }

  /* The service is there again. */
  again() {
    if (this.#lost)
      this.#load();
  }

  /* For news: matches that are shown, or are favourites wherever they are. */
  admits(match) {
    return this.#fits(match) && (this.#filter !== '' || this.#belongs(match));
  }

  #choose(show, text = at('filter').value) {
    noteInAddress('show', show === 'all' ? '' : show);
    noteInAddress('q', text);
    this.#admit(show, text);
  }

  #admit(show, text) {
    this.#show = SHOWS.includes(show) ? show : 'all';
    this.#filter = folded(text.slice(0, FILTER_MAX).trim());
    if (at('filter').value !== text)
      at('filter').value = text;
    for (const button of at('shows').children)
      button.setAttribute('aria-pressed', button.value === this.#show);
    this.#sift();
  }

  /* The only match shown, if there is just one. */
  get only() {
    const shown = [...this.#rows.values()].filter(({ element }) => !element.hidden);
    return shown.length === 1 && !shown[0].isHidden ? shown[0].match : null;
  }

  /* After midnight, today is another day: at once, or when the last match in play is over. */
  tick(now) {
    const today = dayOf(serverTime(now));
    for (const row of this.#rows.values())
      row.tick(now);
    if (today === this.#today)
      return;
    const playing = [...this.#rows.values()].some(({ match }) => match.state === 'live' && serverTime(now) - match.updatedAt < STUCK_MS);
    if (this.#day === null && this.#dated && playing)
      return;
    this.#today = today;
    if (this.#day === null)
      this.#turn(null);
    this.#paintDays();
  }

  paint = () => {
    if (!this.#ready)
      return;
    if (document.documentElement.dataset.view === '')
      at('static')?.remove();     // another view may still wait with it
    this.element.hidden = false;
    for (const id of this.#changed)
      this.#paintMatch(id);
    this.#bound(this.#changed);
    this.#changed.clear();
    at('leagues').classList.toggle('many', this.#rows.size > MANY);
    this.#sift();
  };

  celebrate(id) {
    const row = this.#rows.get(id);
    if (row && !row.isHidden)
      row.element.firstElementChild.classList.add('moved');
  }

  #belongs(match) {
    const { id, updatedAt } = match, day = dayOfMatch(match) ?? (this.#known.has(id) ? this.#shownDay : !this.#asked.has(id) && dayOf(updatedAt ?? Date.now()));
    return this.#dated === false || day === this.#shownDay;
  }

  find(id) {
    return together(this.#known.get(id), this.#told.get(id));
  }

  /* So many matches are kept, however long the page is open; those that have just changed among them, unless all have. */
  #bound(fresh) {
    const others = [...this.#rows.values()].map(({ match }) => match).filter(({ id }) => fresh.size > MATCHES_KEPT || !fresh.has(id));
    while (this.#rows.size > MATCHES_KEPT && others.length > 0) {
      const { id } = oldestOf(others);
      others.splice(others.findIndex((match) => match.id === id), 1);
      this.#known.delete(id);
      this.#told.delete(id);
      this.#paintMatch(id);
    }
  }

  /* Shows another day: what was there goes when the new one is known. */
  #turn(day) {
    this.#day = day;
    this.#known = new Map();
    this.#load();
  }

  #addressOf(day) {
    return pageAddress(day === this.#today ? {} : { day });
  }

  /* To a day, if there is one. */
  #link(link, day) {
    link.hidden = day === undefined;
    link.href = this.#addressOf(day);
    write(link, day ? dayName(day, this.#today) : '');
  }

  async #load() {
    const load = this.#loads += 1, day = this.#shownDay;
    clearTimeout(this.#again);
    this.#asked = new Set(this.#told.keys());
    const answer = this.#dated === false ? await askMatches({}) : await askMatches({ day, zone: zoneName() }) ?? await askMatches({ day, zone: offsetOn(day) });
    if (load !== this.#loads)
      return;                     // another day was chosen meanwhile
    this.#lost = answer === null;
    if (this.#lost) {
      this.#asked.clear();
      this.#again = setTimeout(() => this.#load(), AGAIN_MS);
      this.#offer([...this.#told.values()].map((match) => dayOfMatch(match) ?? dayOf(match.updatedAt ?? Date.now())).sort());
    } else {
      this.#learn(answer);
    }
    this.#ready = true;
    this.#paintAll();
  }

  #learn({ matches, day, dated = day !== undefined, days = [], before, after, last_id: head }) {
    this.#dated = dated;
    this.#offer([before, ...days.map((one) => one.day), after].filter((one) => isDay(one ?? '')));
    this.#known = new Map(matches.map((entry) => matchFrom(entry, head)).filter(Boolean).map((match) => [match.id, match]));
    this.#paintDays();
  }

  /* Links to the days nearest to an empty one. */
  #offer(days) {
    const day = this.#shownDay, [earlier, next] = at('none-that-day').querySelectorAll('a');
    this.#link(earlier, days.findLast((one) => one < day));
    this.#link(next, days.find((one) => one > day));
  }

  #paintAll() {
    for (const id of [...this.#rows.keys(), ...this.#known.keys(), ...this.#told.keys()])
      this.#changed.add(id);
    later(this.paint);
  }

  #paintDays() {
    const day = this.#shownDay;
    at('days').hidden = at('day').hidden = this.#dated === false;
    at('day-title').classList.toggle('unseen', this.#dated === false);
    write(at('day-title'), this.#dated === false ? say('allMatches') : dayTitle(day, this.#today));
    at('day').value = day;
    at('day-before').href = this.#addressOf(dayAfter(day, -1));
    at('day-after').href = this.#addressOf(dayAfter(day, 1));
    for (const [link, near] of this.#nearDays) {
      this.#link(link, near);
      link.ariaCurrent = near === day ? 'date' : null;
    }
  }

  /* [link, day] of those along the top. */
  get #nearDays() {
    return DAYS_SHOWN.map((n, place) => [at('near-days').children[place], dayAfter(this.#today, n)]);
  }

  /* A dot on the days that are not shown, but have matches in play. */
  #paintPlaying() {
    const playing = [...this.#told.values()].filter(({ state }) => state === 'live').map(dayOfMatch);
    for (const [link, day] of this.#nearDays) {
      const plays = day !== this.#shownDay && playing.includes(day);
      link.classList.toggle('playing', plays);
      link.ariaLabel = plays ? `${link.textContent}, ${say('live')}` : null;
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
    this.#leagues.forEach((league) => this.#paintLeague(league));
    this.#paintPlaying();
    write(at('live-count'), live || '');
    at('none-that-day').hidden = this.#rows.size > 0 || !(this.#lost || this.#dated);
    write(at('none-that-day').firstElementChild, this.#lost ? say('waiting') : say('noneThatDay'));
    at('nothing').hidden = this.#rows.size > 0 || this.#lost || this.#dated === true;
    at('no-fit').hidden = this.#rows.size === 0 || shown > 0;
    at('none-starred').hidden = at('no-fit').hidden || this.#show !== 'starred' || choice('starred').length > 0;
  }

  #paintLeague({ element, list, name }) {
    const fits = [...list.children].filter((row) => !row.hidden).length, isFolded = choice('folded').includes(name);
    element.hidden = fits === 0;
    list.hidden = isFolded;
    write(element.querySelector('.count'), fits);
    mark(element.querySelector('.fold'), 'aria-expanded', !isFolded);
    paintStar(element.querySelector('.star'), name, isStarred('competition', name));
  }

  #paintMatch(id) {
    const match = this.find(id), row = this.#rows.get(id);
    if (!match || !this.#belongs(match)) {
      row?.element.remove();
      this.#rows.delete(id);
      this.#leave(row?.league);
      return;
    }
    const painted = row ?? new Row(id, this.#want);
    this.#rows.set(id, painted);
    painted.paint(match);
    this.#place(painted, match);
  }

  /* A heading goes with its last row. */
  #leave(league) {
    if (league?.list.childElementCount === 0) {
      league.element.remove();
      this.#leagues.delete(league.key);
    }
  }

  /* Rows and headings keep their order: none with a kick-off moves when something changes. */
  #place(row, match) {
    const league = this.#leagueOf(match), { id, startsAt, localTime, state } = match;
    const order = `${1e15 + ((startsAt ?? Date.parse(localTime)) || 1e15 + STATES.indexOf(state))}\0${id}`;
    if (league === row.league && order === row.order)
      return;
    const before = row.league;
    row.order = row.element.dataset.order = order;
    row.league = league;
    insert(league.list, row.element);
    this.#leave(before);
  }

  #leagueOf(match) {
    const { competition, group, round } = match, first = choice('liveFirst') && match.state === 'live';
    const key = first ? LIVE : `${competition}\0${group}\0${round}`;
    const league = this.#leagues.get(key) ?? this.#addLeague(key, first ? { competition: say('live') } : match);
    const rank = first ? 0 : isStarred('competition', competition) ? 1 : competition === '' ? 3 : 2;
    const order = first ? '0' : `${rank}\0${competition}\0${group}\0${round}`;
    if (league.element.dataset.order !== order) {
      league.element.dataset.order = order;
      insert(at('leagues'), league.element);
    }
    return league;
  }

  #addLeague(key, { competition, group, round, season }) {
    const element = clone('league-template'), name = key === LIVE ? LIVE : competition;
    const league = { key, name, element, list: element.querySelector('.matches') };
    write(element.querySelector('.competition'), competition || say('otherMatches'));
    write(element.querySelector('.round'), [group, round].filter(Boolean).join(' · '));
    element.querySelector('.fold').addEventListener('click', () => toggle('folded', name));
    element.querySelector('.star').addEventListener('click', () => star('competition', competition));
    element.querySelector('.links').hidden = element.querySelector('.star').hidden = key === LIVE || competition === '';
    element.querySelector('.to-table').href = pageAddress({ table: competition, ...(season && { season }), ...(group && { group }) });
    element.querySelector('.to-scorers').href = pageAddress({ scorers: competition, ...(season && { season }) });
    this.#leagues.set(key, league);
    return league;
  }
}

/* Compares two orders part by part: a collator passes over what separates these. */
function compare(one, other) {
  const others = other.split('\0');
  return one.split('\0').reduce((found, part, n) => found || collator.compare(part, others[n]), 0);
}

/* Puts an element among the others of a list, in the order of their data-order. */
function insert(list, element) {
  element.remove();
  let low = 0, high = list.childElementCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list.children[middle].dataset.order, element.dataset.order) <= 0)
      low = middle + 1;
    else
      high = middle;
  }
  list.insertBefore(element, list.children[low] ?? null);
}
