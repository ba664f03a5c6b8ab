/*
 * The state of every match, computed from the rows of the log.  Pure: rows in, matches
 * and news out; it knows neither the stream nor the page.
 *
 * Rows are untrusted, and checked before use.  Matches and events are plain data, so
 * that a worker can post them.
 */
import { isKnown, isOver, learn, stateOf, typeOf } from './types.js';

/* The log has everything; what is kept here is bounded, however long a page is open. */
export const MATCHES_KEPT = 1000; // as many as the scoreboard has
export const TIMELINE_KEPT = 150; // events of an open match
export const EVENTS_KEPT = 32;    // main events of any other, and as many others: for corrections,
                                  // and to recognise an event that a message repeats
export const ROW_EVENTS = 24;     // of these in its row on the board

function objectFrom(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
}

export function textFrom(value) {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function scoreFrom(value) {
  const { home, away } = value ?? {};
  return Number.isInteger(home) && Number.isInteger(away) ? { home, away } : null;
}

/* Milliseconds, or null. */
function timeFrom(value) {
  const time = Date.parse(textFrom(value));
  return Number.isNaN(time) ? null : time;
}

function eventFrom(row, place, type, data) {
  return {
    id: row.id, place, type, voided: false,
    time: textFrom(data.time), team: textFrom(data.team), player: textFrom(data.player),
    replaces: textFrom(data.replaces), detail: textFrom(data.detail), score: scoreFrom(data.score),
  };
}

/* Whether a finished match is replayed, rather than in extra time, where the clock is later. */
function startsAnew(before, clock) {
  return parseInt(clock, 10) < parseInt(before, 10);
}

/* What readers may want to be told of, besides goals. */
const NEWS = new Map([['kickoff', 'kickoff'], ['halftime', 'halftime'], ['fulltime', 'fulltime'], ['red-card', 'red'], ['second-yellow', 'red']]);

export const isOfScore = ({ kind }) => kind === 'goal' || kind === 'corrected' || kind === 'voided';

const goals = (score) => (score ? score.home + score.away : 0);

/* Whether the score included a goal already, before its scorer was known. */
const isCounted = ({ stated }, { team, score }) => score !== null && stated !== null && score[team] <= stated[team];

const isMain = ({ type }) => typeOf(type).main === true;
const isRed = ({ type, voided }) => !voided && (type === 'red-card' || type === 'second-yellow');

/* What an open row lists: goals, penalties, cards and reviews.  The rest is on the page of the match. */
const isListed = ({ type }) => (typeOf(type).main === true && !type.startsWith('shootout')) || type === 'yellow-card' || type === 'var';

/* The match that was not updated for longest: one that is over, if there is any. */
export function oldestOf(matches) {
  const over = matches.filter(({ state }) => isOver(state));
  return (over.length > 0 ? over : matches).reduce((one, other) => (other.updatedAt < one.updatedAt ? other : one));
}

/* The newest events: so many main ones, and so many others. */
function newest(events, mains, others) {
  const left = { true: mains, false: others };
  return events.filter((event) => (left[isMain(event)] -= 1) >= 0);
}

/* A match as its row needs it. */
export const rowOf = (match) => ({ ...match, events: match.events.filter(isListed).slice(0, ROW_EVENTS) });

/* The red cards of a side: those of its log, or those that the scoreboard counted and the ones since. */
export function redsOf({ events, logged, counted }, side) {
  const reds = events.filter((event) => isRed(event) && event.team === side);
  return logged || !counted ? reds.length : counted[side] + reds.filter(({ id }) => id > counted.at).length;
}

export function hasLost({ state, score, shootout }, side) {
  const lead = (one) => (side === 'home' ? 1 : -1) * (one?.home - one?.away);
  return state === 'finished' && (lead(score) || lead(shootout)) < 0;
}

/* A match of the scoreboard, which was read at row 'head' of the log. */
export function matchFrom(entry, head) {
  const board = new Board();
  board.take({ id: entry.message_id, match_id: entry.match_id, type: 'message', created_at: entry.updated_at, data: entry });
  board.learn([entry]);
  const match = board.matches.get(textFrom(entry.match_id));
  return match && { ...match, counted: { home: 0, away: 0, ...scoreFrom(entry.red_cards), at: head } };
}

/* One match from the scoreboard (known) and from the stream (told): the newer message counts. */
export function merged(known, told) {
  if (!known)
    return told;
  if (told.messageId >= known.messageId) {
    const lasting = ['half', 'aggregate', 'lineups', 'statistics'].map((name) => [name, told[name] ?? known[name]]);
    return { ...told, ...Object.fromEntries(lasting), counted: known.counted };
  }
  const { events, logged, messageId, score } = told;
  return { ...known, events, logged, score: messageId === 0 && events[0]?.id > known.messageId ? score ?? known.score : known.score };
}

export class Board {
  matches = new Map();            // by match id
  unknown = false;                // a message had a status that only the service may know
  #looked;                        // ids of the open matches
  #changed = new Set();
  #gone = [];
  #news = [];

  constructor(looked = new Set()) {
    this.#looked = looked;
  }

  /* These matches are open now, and no others. */
  look(ids) {
    this.#looked = ids;
    this.matches.forEach((match) => this.#trim(match));
  }

  /* A match as tabs need it: only open matches have the whole time line. */
  told(match) {
    return this.#looked.has(match.id) ? match : rowOf(match);
  }

  /*
   * One row: {id, match_id, type, created_at, data}.  heardAt: when it arrived, in ms, if it
   * arrived as it was inserted.  news: whether readers want to be told of it.
   */
  take(row, { heardAt = null, news = false } = {}) {
    const data = objectFrom(row?.data), id = textFrom(row?.match_id);
    if (data === null || id === '')
      return;
    const match = this.matches.get(id) ?? this.#add(id), told = news && match.stated !== null;
    this.#describe(match, data);
    match.updatedAt = timeFrom(row.created_at) ?? match.updatedAt;
    if (row.type === 'message')
      this.#update(match, row, data, { heardAt, told });
    else
      this.#takeEvent(match, eventFrom(row, 0, textFrom(row.type), data), data, told);
    this.#changed.add(match);
  }

  /* Replaces a match by its log, which may have been pruned. */
  replay(id, rows) {
    const known = this.matches.get(id), again = new Board(this.#looked);
    for (const row of rows)
      again.take(row);
    const match = again.matches.get(id);
    if (!match || (known && !rows.some(({ type }) => type === 'message')))
      return;
    match.partial = false;
    match.logged = true;
    if (known?.clock === match.clock)
      match.clockAt = known.clockAt;
    this.#changed.delete(known);
    this.#put(match);
    this.#changed.add(match);
  }

  /* The service's meaning of statuses, from its scoreboard, where each match has a state. */
  learn(scoreboard) {
    for (const { status, time, state } of scoreboard)
      if (!isKnown(textFrom(status), textFrom(time)))
        learn(textFrom(status), textFrom(time), textFrom(state));
    for (const match of this.matches.values()) {
      const state = stateOf(match.status, match.clock);
      if (!isKnown(match.status, match.clock))
        learn(match.status, match.clock, state);
      if (state !== match.state && match.stated !== null)
        this.#changed.add(Object.assign(match, { state }));
    }
    this.unknown = false;
  }

  /* Tells of a match again; whether there is one. */
  touch(id) {
    const match = this.matches.get(id);
    if (match)
      this.#changed.add(match);
    return match !== undefined;
  }

  /* What has changed since the last call, which of it is news, and the ids of dropped matches. */
  drain() {
    const drained = { matches: [...this.#changed], news: this.#news, gone: this.#gone };
    this.#changed = new Set();
    this.#news = [];
    this.#gone = [];
    return drained;
  }

  #add(id) {
    const match = {
      id, home: id, away: '', competition: '', season: '', round: '', group: '', leg: '', venue: '', startsAt: null, localTime: '',
      score: null, half: null, aggregate: null, shootout: null, lineups: null, statistics: null,
      clock: '', clockAt: null, status: '', state: 'live', events: [], updatedAt: null, messageId: 0,
      logged: false,                // its events are those of its whole log
      finishedBy: 0,                // the row that ended it
      stated: null,                 // the score of its last message; null: none yet, so it is no news
      most: { home: 0, away: 0 },   // the highest score of each side in a message
      owed: 0,                      // goals in rows since then, minus those taken back
      partial: false,               // a correction names a row that is not here
    };
    this.#put(match);
    return match;
  }

  #put(match) {
    this.matches.set(match.id, match);
    if (this.matches.size > MATCHES_KEPT)
      this.#drop(match);
  }

  #drop(added) {
    const oldest = oldestOf([...this.matches.values()].filter((match) => match !== added && !this.#looked.has(match.id)));
    this.matches.delete(oldest.id);
    this.#changed.delete(oldest);
    this.#gone.push(oldest.id);
  }

  #trim(match) {
    if (this.#looked.has(match.id))
      match.events.length = Math.min(match.events.length, TIMELINE_KEPT);
    else if (match.events.length > EVENTS_KEPT)
      match.events = newest(match.events, EVENTS_KEPT, EVENTS_KEPT);
  }

  #describe(match, data) {
    match.home = textFrom(data.home_team) || match.home;
    match.away = textFrom(data.away_team) || match.away;
    for (const name of ['competition', 'season', 'round', 'group', 'leg', 'venue'])
      match[name] = textFrom(data[name]) || match[name];
    match.startsAt = timeFrom(data.starts_at) ?? match.startsAt;
    match.localTime = textFrom(data.local_time) || match.localTime;
    match.score = scoreFrom(data.score) ?? match.score;
  }

  #update(match, row, data, { heardAt, told }) {
    const was = { state: match.state, clock: match.clock };
    match.messageId = row.id;
    match.clock = textFrom(data.time);
    match.clockAt = heardAt ?? match.updatedAt;
    match.status = textFrom(data.status);
    match.state = stateOf(match.status, match.clock);
    this.unknown ||= !isKnown(match.status, match.clock);
    match.shootout = scoreFrom(data.shootout);
    match.half = scoreFrom(data.half_time) ?? match.half;
    match.aggregate = scoreFrom(data.aggregate) ?? match.aggregate;
    match.lineups = objectFrom(data.lineups) ?? match.lineups;
    match.statistics = objectFrom(data.statistics) ?? match.statistics;
    if (isOver(was.state) && (match.state === 'upcoming' || startsAnew(was.clock, match.clock))) {
      match.events = match.events.filter((event) => event.id > match.finishedBy);
      Object.assign(match, { half: false, stated: match.score, most: { home: 0, away: 0 }, owed: 0 });
    }
    if (!isOver(was.state) && isOver(match.state))
      match.finishedBy = row.id;
    const sentences = this.#news.filter(isOfScore).length;
    this.#takeEvents(match, row, data, told);
    if (told && this.#news.filter(isOfScore).length === sentences && match.state !== 'upcoming')
      this.#compare(match);
    match.stated = match.score ?? { home: 0, away: 0 };
    match.most = { home: Math.max(match.most.home, match.stated.home), away: Math.max(match.most.away, match.stated.away) };
    match.owed = 0;
  }

  #takeEvents(match, row, data, told) {
    for (const [place, value] of (Array.isArray(data.events) ? data.events : []).entries()) {
      const entry = objectFrom(value);
      if (entry && !this.#has(match, entry))
        this.#takeEvent(match, eventFrom(row, place, textFrom(entry.type), entry), entry, told);
    }
  }

  /*
   * A score that changes without an event is news, too: a goal, or a correction if it falls.
   * One that returns to an earlier value is not: feeds change their minds.
   */
  #compare(match) {
    const { score, stated, most, owed } = match, rise = goals(score) - goals(stated) - owed;
    if (rise > 0 && (score.home > most.home || score.away > most.away))
      this.#news.push({ kind: 'goal', id: match.id, event: null });
    else if (rise < 0 && goals(score) < goals(stated))
      this.#news.push({ kind: 'corrected', id: match.id, event: null });
  }

  /* Whether an event in a message had a row of its own before it. */
  #has(match, { type, time, team, player }) {
    return match.events.some((event) => event.type === textFrom(type) && event.time === textFrom(time) &&
      event.team === textFrom(team) && event.player === textFrom(player));
  }

  /* A correction names the row that it takes back; a void does only that. */
  #takeEvent(match, event, { voids }, told) {
    const corrects = Number.isInteger(voids);
    if (corrects)
      this.#void(match, event, voids, told);
    if (event.type !== 'void')
      this.#happen(match, event, told, corrects);
  }

  #happen(match, event, told, corrects) {
    const isLogged = match.events.some(({ id, place }) => id === event.id && place === event.place);   // from its log
    if (!isLogged)
      match.events.unshift(event);
    this.#trim(match);
    if (event.type === 'halftime')
      match.half = event.score ?? match.half;
    if (told && !corrects && NEWS.has(event.type))
      this.#news.push({ kind: NEWS.get(event.type), id: match.id, event });
    if (!typeOf(event.type).goal || (!corrects && isCounted(match, event)))
      return;
    match.owed += isLogged ? 0 : 1;
    if (told)
      this.#news.push({ kind: corrects ? 'corrected' : 'goal', id: match.id, event });
  }

  #void(match, by, voids, told) {
    const event = match.events.find(({ id }) => id === voids);
    match.partial ||= !event;
    if (!event || event.voided)
      return;
    event.voided = true;
    match.owed -= typeOf(event.type).goal ? 1 : 0;
    if (told && typeOf(event.type).goal && !typeOf(by.type).goal)
      this.#news.push({ kind: 'voided', id: match.id, event });
  }
}
