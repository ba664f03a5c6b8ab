/*
 * What the rows say: the state of every match, from the rows of the log.  Pure:
 * rows in, matches and news out; it knows neither the stream nor the page.
 *
 * Whatever arrives was written by somebody else, and is looked at before it is
 * used.  Matches and events are plain data, so that a worker can post them.
 */
import { stateOf, typeOf } from './words.js';

export const EVENTS_KEPT = 150;   // of one match; the log has them all

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
    id: row.id, place, type, voided: false, at: timeFrom(row.created_at),
    time: textFrom(data.time), team: textFrom(data.team), player: textFrom(data.player),
    replaces: textFrom(data.replaces), detail: textFrom(data.detail), score: scoreFrom(data.score),
  };
}

/* Whether a finished match goes on (extra time has a later clock) or is played again. */
function startsAnew(before, clock) {
  return parseInt(clock, 10) < parseInt(before, 10);
}

const goals = (score) => (score ? score.home + score.away : 0);

export class Board {
  matches = new Map();            // by match id
  #changed = new Set();
  #news = [];

  /*
   * One row: {id, match_id, type, created_at, data}.  heardAt: when it came, in ms,
   * if it came as it was inserted.  news: whether somebody wants to be told of it.
   */
  take(row, { heardAt = null, news = false } = {}) {
    const data = objectFrom(row?.data), id = textFrom(row?.match_id);
    if (data === null || id === '')
      return;
    const told = news && this.matches.has(id);
    const match = this.matches.get(id) ?? this.#add(id);
    const before = match.score;
    this.#describe(match, data);
    match.updatedAt = timeFrom(row.created_at) ?? match.updatedAt;
    if (row.type === 'message')
      this.#update(match, row, data, { heardAt, told, before });
    else
      this.#takeEvent(match, eventFrom(row, 0, textFrom(row.type), data), data, told);
    this.#changed.add(match);
  }

  /* The log of one match, instead of what was known of it; it may have been pruned. */
  replay(id, rows) {
    const known = this.matches.get(id), again = new Board();
    for (const row of rows)
      again.take(row);
    const match = again.matches.get(id);
    if (!match || (known && !rows.some(({ type }) => type === 'message')))
      return;
    match.partial = false;
    if (known?.clock === match.clock)
      match.clockAt = known.clockAt;
    this.#changed.delete(known);
    this.matches.set(id, match);
    this.#changed.add(match);
  }

  /* What has changed since the last time, and what of it is news. */
  drain() {
    const drained = { matches: [...this.#changed], news: this.#news };
    this.#changed = new Set();
    this.#news = [];
    return drained;
  }

  #add(id) {
    const match = {
      id, home: id, away: '', competition: '', startsAt: null, score: null, shootout: null,
      clock: '', clockAt: null, status: '', state: 'live', events: [], updatedAt: null,
      finishedBy: 0,                // the row that ended it
      owed: 0,                      // goals that were told of, but not by a score
      partial: false,               // a correction speaks of a row that is not here
    };
    this.matches.set(id, match);
    return match;
  }

  #describe(match, data) {
    match.home = textFrom(data.home_team) || match.home;
    match.away = textFrom(data.away_team) || match.away;
    match.competition = textFrom(data.competition) || match.competition;
    match.startsAt = timeFrom(data.starts_at) ?? match.startsAt;
    match.score = scoreFrom(data.score) ?? match.score;
  }

  #update(match, row, data, { heardAt, told, before }) {
    const was = { state: match.state, clock: match.clock };
    match.clock = textFrom(data.time);
    match.clockAt = heardAt ?? match.updatedAt;
    match.status = textFrom(data.status);
    match.state = stateOf(match.status);
    match.shootout = scoreFrom(data.shootout);
    if (was.state === 'finished' && (match.state === 'upcoming' || startsAnew(was.clock, match.clock)))
      match.events = match.events.filter((event) => event.id > match.finishedBy);
    if (was.state !== 'finished' && match.state === 'finished')
      match.finishedBy = row.id;
    const sentences = this.#news.length;
    this.#takeEvents(match, row, data, told);
    if (this.#news.length === sentences)
      this.#compare(match, before, told);
    match.owed = 0;
  }

  #takeEvents(match, row, data, told) {
    for (const [place, value] of (Array.isArray(data.events) ? data.events : []).entries()) {
      const entry = objectFrom(value);
      if (entry && !this.#has(match, entry))
        this.#takeEvent(match, eventFrom(row, place, textFrom(entry.type), entry), entry, told);
    }
  }

  /* A score that rises without an event of its own is news, too. */
  #compare(match, before, told) {
    if (told && before && goals(match.score) > goals(before) + match.owed && match.state !== 'upcoming')
      this.#news.push({ kind: 'goal', id: match.id, event: null });
  }

  /* Whether an event that a message tells of had a row of its own before it. */
  #has(match, { type, time, team, player }) {
    return match.events.some((event) => event.type === textFrom(type) && event.time === textFrom(time) &&
      event.team === textFrom(team) && event.player === textFrom(player));
  }

  /* A correction names the row that it takes back; a void is nothing else. */
  #takeEvent(match, event, { voids }, told) {
    const corrects = Number.isInteger(voids);
    if (corrects)
      this.#void(match, event, voids, told);
    if (event.type !== 'void')
      this.#happen(match, event, told, corrects);
  }

  #happen(match, event, told, corrects) {
    match.events.unshift(event);
    match.events.length = Math.min(match.events.length, EVENTS_KEPT);
    if (!typeOf(event.type).goal)
      return;
    match.owed += event.score ? 0 : 1;
    if (told)
      this.#news.push({ kind: corrects ? 'corrected' : 'goal', id: match.id, event });
  }

  #void(match, by, voids, told) {
    const event = match.events.find(({ id }) => id === voids);
    match.partial ||= !event;
    if (!event || event.voided)
      return;
    event.voided = true;
    if (told && typeOf(event.type).goal && !typeOf(by.type).goal)
      this.#news.push({ kind: 'voided', id: match.id, event });
  }
}
