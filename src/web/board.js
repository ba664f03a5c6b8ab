/*
 * The live board.  A Feed brings rows of the log in order, each once; a Board
 * keeps what they say; a View shows it.  Feed and Board know nothing of the
 * page, so that either can move into a worker.
 *
 * Whatever arrives was written by somebody else: it is looked at before it is
 * used, and reaches the page as text (textContent) only.
 */
'use strict';

const STREAM = 'livescore?heartbeat=event';
const SILENCE_MS = 45_000;        // three heartbeats missed: the stream is dead
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;
const EVENTS_KEPT = 100;          // of one match; the log has them all
const ANNOUNCEMENTS_KEPT = 3;

/*
 * The types of events: what to call them, their picture, and whether they are a
 * goal for the event's team.  EventSource delivers only types it was told of; an
 * event of another type still shows when its match's message repeats it.
 */
const TYPES = new Map(Object.entries({
  'goal':          { label: 'Goal', icon: 'ball', goal: true },
  'own-goal':      { label: 'Own goal', icon: 'ball', tone: 'red', goal: true },
  'penalty':       { label: 'Penalty scored', icon: 'ball', goal: true },
  'missed-penalty': { label: 'Penalty missed', icon: 'cross' },
  'yellow-card':   { label: 'Yellow card', icon: 'card', tone: 'yellow' },
  'second-yellow': { label: 'Second yellow card', icon: 'cards', tone: 'red' },
  'red-card':      { label: 'Red card', icon: 'card', tone: 'red' },
  'substitution':  { label: 'Substitution', icon: 'swap' },
  'var':           { label: 'Video review', icon: 'screen' },
  'shootout-goal': { label: 'Scored in the shoot-out', icon: 'ball' },
  'shootout-miss': { label: 'Missed in the shoot-out', icon: 'cross' },
  'void':          { label: 'Taken back', icon: 'cross', tone: 'soft' },
  'kickoff':       { label: 'Kick-off', icon: 'clock', tone: 'soft' },
  'halftime':      { label: 'Half-time', icon: 'clock', tone: 'soft' },
  'secondhalf':    { label: 'Second half', icon: 'clock', tone: 'soft' },
  'extra-time':    { label: 'Extra time', icon: 'clock', tone: 'soft' },
  'shootout':      { label: 'Penalty shoot-out', icon: 'clock', tone: 'soft' },
  'fulltime':      { label: 'Full time', icon: 'clock', tone: 'soft' },
  'delayed':       { label: 'Delayed', icon: 'clock', tone: 'soft' },
  'postponed':     { label: 'Postponed', icon: 'stop', tone: 'soft' },
  'suspended':     { label: 'Suspended', icon: 'stop', tone: 'soft' },
  'abandoned':     { label: 'Abandoned', icon: 'stop', tone: 'soft' },
  'cancelled':     { label: 'Cancelled', icon: 'stop', tone: 'soft' },
}));

/* Statuses, in lower case and without spaces and hyphens; any other one is in play. */
const FINISHED = /^(ft|aet|ap|fulltime|finished|ended|final|afterextratime|afterpenalties|abandoned|cancell?ed|awarded)$/;
const UPCOMING = /^(scheduled|upcoming|notstarted|ns|timed|fixture|prematch|postponed|delayed)$/;

/* Looking at what arrived. */

function objectFrom(json) {
  try {
    const value = JSON.parse(json);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function textFrom(value) {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function scoreFrom(value) {
  const { home, away } = value ?? {};
  return Number.isInteger(home) && Number.isInteger(away) ? { home, away } : null;
}

function stateFrom(status) {
  const word = status.toLowerCase().replaceAll(/[ _-]/g, '');
  return FINISHED.test(word) ? 'finished' : UPCOMING.test(word) ? 'upcoming' : 'live';
}

/* A finished match that goes on may go into extra time, or be played again. */
function startsAnew(match, clock) {
  return match.state === 'upcoming' || parseInt(match.clock, 10) < parseInt(clock, 10);
}

/* What the rows say.  Calls changed(match), and announced(sentence) for a goal. */
class Board {
  matches = new Map();            // by the match's key
  #rows = new Map();              // the events kept, by the id of their row

  constructor(changed, announced) {
    this.changed = changed;
    this.announced = announced;
  }

  forget() {
    this.matches.clear();
    this.#rows.clear();
  }

  /* One row of the log: its type, id and data. */
  take(type, id, data) {
    this.#void(data.voids);
    const key = this.#keyOf(data);
    if (key === '')
      return;                     // a row written by hand need not say which match it is of
    const known = this.matches.has(key);
    const match = known ? this.matches.get(key) : this.#add(key);
    this.#describe(match, data);
    if (type === 'message')
      this.#update(match, id, data, known);
    else
      this.#rows.set(id, this.#happen(match, id, type, data, known));
    this.changed(match);
  }

  #keyOf(data) {
    const home = textFrom(data.home_team), away = textFrom(data.away_team);
    return textFrom(data.match_id) || (home && away ? `${home} - ${away}` : '');
  }

  #add(key) {
    const match = {
      key, home: key, away: '', score: null, shootout: null, clock: '', status: '', state: 'live',
      events: [], finishedBy: 0,
    };
    this.matches.set(key, match);
    return match;
  }

  #describe(match, data) {
    match.home = textFrom(data.home_team) || match.home;
    match.away = textFrom(data.away_team) || match.away;
    match.score = scoreFrom(data.score) ?? match.score;
  }

  #update(match, id, data, known) {
    const before = { state: match.state, clock: match.clock };
    match.clock = textFrom(data.time);
    match.status = textFrom(data.status);
    match.state = stateFrom(match.status);
    match.shootout = scoreFrom(data.shootout);
    if (before.state === 'finished' && startsAnew(match, before.clock))
      this.#drop(match, (event) => event.id <= match.finishedBy);
    if (before.state !== 'finished' && match.state === 'finished')
      match.finishedBy = id;
    for (const event of Array.isArray(data.events) ? data.events : [])
      if (event !== null && typeof event === 'object' && !this.#has(match, event))
        this.#happen(match, id, textFrom(event.type), event, known);
  }

  /* Whether an event that a message tells of had a row of its own before it. */
  #has(match, { type, time, team, player }) {
    return match.events.some((event) => event.type === textFrom(type) && event.time === textFrom(time) &&
      event.team === textFrom(team) && event.player === textFrom(player));
  }

  #happen(match, id, type, data, known) {
    const event = {
      id, type, match, voided: false,
      time: textFrom(data.time), team: textFrom(data.team), player: textFrom(data.player),
      replaces: textFrom(data.replaces), detail: textFrom(data.detail),
    };
    match.events.unshift(event);
    this.#drop(match, (_, place) => place >= EVENTS_KEPT);
    if (known && TYPES.get(type)?.goal)
      this.announced(goalSentence(event, Number.isInteger(data.voids)));
    return event;
  }

  #drop(match, unwanted) {
    for (const event of match.events.filter(unwanted))
      if (this.#rows.get(event.id) === event)
        this.#rows.delete(event.id);
    match.events = match.events.filter((event, place) => !unwanted(event, place));
  }

  /* A correction names the row that it takes back. */
  #void(id) {
    const event = this.#rows.get(id);
    if (event) {
      event.voided = true;
      this.changed(event.match);
    }
  }
}

function goalSentence({ type, player, team, match }, corrects) {
  const side = match[team === 'away' ? 'away' : 'home'];
  const score = match.score ? `${match.home} ${match.score.home}, ${match.away} ${match.score.away}` : '';
  const what = `${corrects ? 'Corrected: ' : ''}${type === 'goal' ? 'Goal' : TYPES.get(type).label}`;
  return `${what} for ${side}${player ? `, ${player}` : ''}. ${score}`;
}

/* "Penalty missed · Croatia": all that an event's line says but the time and the player. */
function eventSentence({ type, team, replaces, detail, voided, match }) {
  const side = team === 'home' || team === 'away' ? match[team] : team;
  const label = TYPES.get(type)?.label ?? type.replaceAll(/[-_]/g, ' ');
  const parts = [replaces ? `for ${replaces}` : '', replaces ? '' : label, detail, side, voided ? 'taken back' : ''];
  return parts.filter(Boolean).join('\u00a0· ');
}

/*
 * The stream.  EventSource resumes by itself after most failures; where it
 * gives up, and where a stream goes silent, this opens a new one from the cursor.
 */
class Feed {
  state = 'connecting';           // connecting, live, reconnecting, waiting
  heardAt = null;                 // when the last word came
  retryAt = null;                 // when waiting ends
  #source = null;
  #openedAt = 0;
  #cursor = 0;
  #failures = 0;

  /* on.row(type, id, data), on.reset(), on.problem(detail), on.state() */
  constructor(url, types, on) {
    this.url = url;
    this.types = types;
    this.on = on;
  }

  open() {
    const source = new EventSource(this.#cursor ? `${this.url}&lastEventId=${this.#cursor}` : this.url);
    this.#source = source;
    this.#openedAt = Date.now();
    this.retryAt = null;
    source.addEventListener('open', () => this.#hear());
    source.addEventListener('heartbeat', () => this.#hear());
    source.addEventListener('reset', () => this.#reset());
    source.addEventListener('error', (event) => this.#error(source, event));
    for (const type of ['message', ...this.types])
      source.addEventListener(type, (event) => this.#row(type, event));
  }

  /* To be called once a second or so: timers sleep when the device does. */
  check() {
    if (this.retryAt !== null)
      return Date.now() >= this.retryAt ? this.open() : undefined;
    if (this.#source.readyState === EventSource.CLOSED)
      return this.#wait();
    if (Date.now() - Math.max(this.#openedAt, this.heardAt ?? 0) < SILENCE_MS)
      return undefined;
    this.#source.close();
    this.#become('reconnecting');
    return this.open();
  }

  #row(type, event) {
    const id = Number(event.lastEventId);
    this.#hear();
    if (!(id > this.#cursor))
      return;                     // seen before the connection was lost
    this.#cursor = id;
    const data = objectFrom(event.data);
    if (data)
      this.on.row(type, id, data);
  }

  #reset() {
    this.#hear();
    this.#cursor = 0;
    this.on.reset();
  }

  /* The server's own word, which has data; or the connection's failure, which has none. */
  #error(source, event) {
    if (event.data !== undefined)
      this.on.problem(textFrom(objectFrom(event.data)?.detail));
    else if (source.readyState === EventSource.CLOSED)
      this.#wait();
    else
      this.#become('reconnecting');
  }

  #wait() {
    const longest = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.retryAt = Date.now() + longest * (0.5 + Math.random() / 2);
    this.#become('waiting');
  }

  #hear() {
    this.heardAt = Date.now();
    this.#failures = 0;
    this.#become('live');
  }

  #become(state) {
    if (state !== this.state) {
      this.state = state;
      this.on.state();
    }
  }
}

/* The page.  Changes are collected and painted once for each frame of the screen. */
class View {
  #cards = new Map();             // by the match's key
  #lines = new WeakMap();         // by event
  #changed = new Set();
  #due = false;

  constructor(matches) {
    this.matches = matches;
  }

  change(match) {
    this.#changed.add(match);
    if (!this.#due)
      requestAnimationFrame(() => this.paint());
    this.#due = true;
  }

  paint() {
    this.#due = false;
    for (const [key, card] of this.#cards)
      if (!this.matches.has(key)) {
        card.remove();
        this.#cards.delete(key);
      }
    for (const match of this.#changed)
      if (this.matches.get(match.key) === match)
        this.#paintMatch(match);
    this.#changed.clear();
    document.getElementById('nothing').hidden ||= this.matches.size > 0;
    if (this.matches.size > 0)
      document.getElementById('static')?.remove();
    for (const section of document.querySelectorAll('section')) {
      const count = section.querySelector('.matches').childElementCount;
      section.hidden = count === 0;
      write(section.querySelector('.count'), count);
    }
  }

  announce(sentence) {
    const line = document.createElement('p');
    const announcer = document.getElementById('announcer');
    line.textContent = sentence;
    announcer.append(line);
    while (announcer.childElementCount > ANNOUNCEMENTS_KEPT)
      announcer.firstElementChild.remove();
  }

  #paintMatch(match) {
    const card = this.#cards.get(match.key) ?? this.#addCard(match);
    write(card.querySelector('.status'), match.status || 'In play');
    write(card.querySelector('.clock'), match.state === 'upcoming' ? '' : match.clock);
    this.#paintSide(card.querySelector('.home'), match, 'home');
    this.#paintSide(card.querySelector('.away'), match, 'away');
    card.querySelector('.events').replaceChildren(...match.events.map((event) => this.#line(event)));
    if (card.parentElement?.parentElement.id !== match.state)
      this.#place(card, match);
  }

  #addCard(match) {
    const card = document.getElementById('match-template').content.firstElementChild.cloneNode(true);
    card.dataset.match = match.key;
    this.#cards.set(match.key, card);
    return card;
  }

  #paintSide(side, match, which) {
    const score = side.querySelector('.score');
    const goals = match.state === 'upcoming' ? '–' : match.score?.[which] ?? '–';
    const more = score.textContent !== '' && goals > Number(score.textContent);
    write(side.querySelector('.team'), match[which]);
    write(side.querySelector('.shootout'), match.shootout?.[which] ?? '');
    write(score, goals);
    if (more) {
      score.classList.remove('moved');
      score.getBoundingClientRect();          // or the animation would not start anew
      score.classList.add('moved');
    }
  }

  #line(event) {
    const line = this.#lines.get(event) ?? this.#addLine(event);
    line.classList.toggle('voided', event.voided);
    write(line.querySelector('.what'), eventSentence(event));
    return line;
  }

  #addLine(event) {
    const line = document.getElementById('event-template').content.firstElementChild.cloneNode(true);
    const { icon = 'clock', tone } = TYPES.get(event.type) ?? {};
    line.querySelector('use').setAttribute('href', `#icon-${icon}`);
    if (tone)
      line.querySelector('.icon').classList.add(tone);
    write(line.querySelector('.time'), event.time);
    write(line.querySelector('.who'), event.player);
    this.#lines.set(event, line);
    return line;
  }

  /* Cards are in the order of their keys, so that none jumps when a score changes. */
  #place(card, match) {
    const list = document.querySelector(`#${match.state} .matches`);
    const next = [...list.children].find((other) => other.dataset.match > match.key);
    list.insertBefore(card, next ?? null);
  }
}

function write(element, text) {
  if (element.textContent !== String(text))
    element.textContent = text;
}

/* How the connection is, in words. */

function ageWords(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

const STATES = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', waiting: 'Waiting for the server' };

function paintConnection(feed) {
  const { retryAt, heardAt } = feed;
  const retry = retryAt === null ? '' : `next try in ${ageWords(retryAt - Date.now())}`;
  const age = heardAt === null ? '' : `last word ${ageWords(Date.now() - heardAt)} ago`;
  document.getElementById('connection').dataset.state = feed.state;
  write(document.getElementById('connection-state'), STATES[feed.state]);
  write(document.getElementById('connection-age'), [retry, age].filter(Boolean).join(', '));
}

function paintProblem(detail) {
  const problem = document.getElementById('problem');
  problem.hidden = detail === '';
  write(problem, detail && `The server says: ${detail}`);
}

function start() {
  const board = new Board((match) => view.change(match), (sentence) => view.announce(sentence));
  const view = new View(board.matches);
  const feed = new Feed(STREAM, [...TYPES.keys()], {
    row: (type, id, data) => board.take(type, id, data),
    reset: () => board.forget(),  // painted with the snapshot that follows, or in a second
    problem: paintProblem,
    state: () => {
      if (feed.state === 'live')
        paintProblem('');         // whatever it was, it is over
      paintConnection(feed);
    },
  });
  feed.open();
  setInterval(() => {
    feed.check();
    view.paint();
    paintConnection(feed);
    document.getElementById('nothing').hidden = feed.heardAt === null || board.matches.size > 0;
  }, 1000);
}

start();
