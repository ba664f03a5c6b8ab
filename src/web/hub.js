/*
 * The hub: one feed and one board for any number of tabs.  It takes the newest rows
 * from the feed, fetches the log of a match that a reader opens, and reports what
 * has changed.  It runs in a page or in a worker.
 *
 * It sends, by tell(message):
 *     {kind: 'matches', whole, matches, gone, news, connection}   those that changed, or all
 *     {kind: 'connection', connection}                            the state of the connection
 * and receives, by hear(message, tab):
 *     {want: ID}                 the row of this match is open
 *     {want: ID, whole: true}    its time line is, until left(tab), or {want: null}
 *     {online}                   whether the network is there
 */
import { Board } from './state.js';
import { Feed } from './feed.js';
import { delayFrom, serverAhead, serverTime } from './times.js';

const LOGS_AT_ONCE = 2;           // a browser has at most six connections to a server
const LOG_PAGES_MAX = 10;         // of 1000 rows, of one match
const LOG_MS = 30_000;
const LOG_AGAIN_MS = 30_000;      // after a failure
const AGAIN_MS = 1_000;           // after a reset, for the logs that were there before
const LEARN_MS = 60_000;          // between two requests for the meaning of statuses
const LEARN_SPREAD_MS = 4_000;    // so that pages do not ask all at once
const KEEP_FIRST_MS = 5_000;      // until the state is kept, for a visit without the server
const KEEP_MS = 60_000;           // and then between two times
const TIMER_MAX_MS = 2 ** 31 - 1; // a longer timeout fires immediately

export class Hub {
  #url;
  #tell;
  #memory;
  #types;
  #feed;
  #board = new Board();
  #looks = new Map();             // by tab: the match that is open there
  #known = false;                 // the snapshot has arrived: what follows is news
  #quiet = true;                  // no messages: tabs keep what they show until everything is known
  #logs = new Map();              // wanted logs, by match id: rows that arrive during the request; null: done
  #queue = [];
  #asking = 0;
  #earliest = 0;                  // no requests before that time, as the server asked
  #timers = new Map();            // by match id: when to ask again; null: for the queue; undefined: for statuses
  #learnedAt = -Infinity;
  #again = [];                    // matches whose logs were there before the reset
  #last = undefined;              // the state of an earlier visit, if the server is not there: {at, matches}, or null

  /* memory: kept.js, for visits without the server, or null.  types: of the rows that are fetched of a log; '': all */
  constructor(url, tell, { memory = null, types = '' } = {}) {
    this.#url = url;
    this.#tell = tell;
    this.#memory = memory;
    this.#types = types;
    this.#feed = new Feed(url, {
      rows: (rows, live) => this.#take(rows, live),
      reset: () => this.#reset(),
      settled: () => this.#settled(),
      changed: () => this.#changed(),
    });
  }

  start() {
    this.#feed.start();
  }

  /* Until it is started again: it goes on from its cursor. */
  pause() {
    this.#feed.stop();
  }

  stop() {
    this.pause();
    if (this.#timers.has('keep'))
      this.#keep();
    this.#reset();                // pending answers are ignored
    this.#timers.forEach((timer) => clearTimeout(timer));
  }

  hear({ want, whole = false, online }, tab = null) {
    if (online !== undefined)
      this.#feed.network(online);
    if (want === null)
      this.left(tab);
    if (typeof want !== 'string')
      return;
    if (whole && ![...this.#looks.values()].includes(want) && this.#logs.get(want) === null)
      this.#logs.delete(want);    // the board has trimmed the rows since
    if (whole) {
      this.#looks.set(tab, want);
      this.#look();
    }
    if (!this.#logs.has(want))
      this.#want(want);
    else if (this.#board.touch(want))
      this.#publish();            // it is known, but perhaps not to this tab
  }

  left(tab) {
    if (this.#looks.delete(tab))
      this.#look();
  }

  #look() {
    this.#board.look(new Set(this.#looks.values()));
  }

  /* Everything, for a new tab. */
  whole() {
    const board = this.#board, matches = this.#quiet ? this.#last?.matches : [...board.matches.values()].map((match) => board.told(match));
    return { kind: 'matches', whole: matches !== undefined, matches: matches ?? [], gone: [], news: [], connection: this.#connection() };
  }

  #connection() {
    const { state, heardAt, retryAt, problem, denied, polling, viewers } = this.#feed;
    return { state, heardAt, retryAt, problem, denied, polling, viewers, ahead: serverAhead() };
  }

  #changed() {
    this.#tell({ kind: 'connection', connection: this.#connection() });
    const { state, problem } = this.#feed;
    if (this.#last === undefined && !this.#known && problem === '' && (state === 'reconnecting' || state === 'waiting'))
      this.#recall();
    else if (state === 'live')
      this.#keepIn(KEEP_MS);
  }

  /* The state of the last visit, with its age: the server is not there. */
  async #recall() {
    this.#last = null;
    const last = await this.#memory?.kept(this.#url);
    if (!last || this.#known)
      return;
    this.#last = last;
    this.#feed.heardAt ??= last.at;
    this.#tell(this.whole());
  }

  #keepIn(ms) {
    if (this.#memory && !this.#quiet && !this.#timers.has('keep'))
      this.#later('keep', ms, () => this.#keep());
  }

  #keep() {
    const { heardAt, denied } = this.#feed;
    if (!this.#quiet && heardAt !== null && !denied)
      this.#memory.keep(this.#url, { at: heardAt, matches: this.whole().matches });
  }

  #take(rows, live) {
    for (const row of rows) {
      this.#board.take(row, { heardAt: live ? serverTime(Date.now()) : null, news: this.#known });
      this.#logs.get(row?.match_id)?.push(row);
    }
    this.#publish();
    if (this.#board.unknown && !this.#timers.has(undefined))
      this.#later(undefined, Math.max(0, this.#learnedAt + LEARN_MS - Date.now()) + LEARN_SPREAD_MS * Math.random(), () => this.#learn());
  }

  /* The service knows statuses that people added to its table. */
  async #learn() {
    this.#learnedAt = Date.now();
    const board = this.#board, { matches } = await this.#ask('matches', {}) ?? {};
    if (board !== this.#board || !Array.isArray(matches))
      return;
    board.learn(matches);
    this.#publish();
  }

  #publish() {
    if (this.#quiet)
      return;
    const board = this.#board, { matches, gone, news } = board.drain();
    for (const { id } of matches.filter((match) => match.partial && !this.#logs.has(match.id)))
      this.#want(id);
    gone.forEach((id) => this.#logs.delete(id));
    this.#tell({
      kind: 'matches', whole: false, matches: matches.map((match) => board.told(match)), gone, news, connection: this.#connection(),
    });
  }

  #reset() {
    this.#again = [...this.#logs.keys()];
    this.#board = new Board(new Set(this.#looks.values()));
    this.#known = false;
    this.#quiet = true;
    this.#logs.clear();
    this.#queue = [];
  }

  async #settled() {
    if (this.#known) {
      [...this.#looks.values()].filter((id) => !this.#logs.has(id)).forEach((id) => this.#want(id)); // the server was away
      return;
    }
    const board = this.#board;
    this.#known = true;
    this.#pump();
    const again = this.#again.filter((id) => board.matches.has(id) && !this.#logs.has(id));
    if (again.length > 0)
      await Promise.race([Promise.all(again.map((id) => this.#want(id))), new Promise((go) => setTimeout(go, AGAIN_MS))]);
    if (board !== this.#board)
      return;                     // another reset has come
    this.#quiet = false;
    this.#last = null;
    board.drain();
    this.#tell(this.whole());
    this.#keepIn(KEEP_FIRST_MS);
  }

  /* Queues a request for the log of a match; resolves when it is done. */
  #want(id) {
    this.#logs.set(id, undefined);
    return new Promise((done) => {
      this.#queue.push({ id, done });
      this.#pump();
    });
  }

  async #pump() {
    if (!this.#known || this.#asking >= LOGS_AT_ONCE || this.#queue.length === 0)
      return;
    const early = this.#earliest - Date.now();
    if (early > 0) {
      this.#later(null, early, () => this.#pump());
      return;
    }
    const { id, done } = this.#queue.shift();
    this.#asking += 1;
    await this.#fetchLog(id);
    this.#asking -= 1;
    done();
    this.#pump();
  }

  async #fetchLog(id) {
    if (!this.#logs.has(id))
      return;                     // the match was dropped meanwhile
    const meanwhile = [];
    this.#logs.set(id, meanwhile);
    const rows = await this.#log(id);
    if (this.#logs.get(id) !== meanwhile)
      return;                     // a reset has come
    if (rows === null) {
      this.#logs.delete(id);      // the next reader asks again, and so does the timer
      this.#later(id, LOG_AGAIN_MS * (1 + Math.random()), () => this.hear({ want: id }));
      return;
    }
    this.#logs.set(id, null);
    if (rows === undefined)
      return;                     // too long: it would be next time, too
    const all = new Map([...rows, ...meanwhile].map((row) => [row.id, row]));
    this.#board.replay(id, [...all.values()].sort((one, other) => one.id - other.id));
    this.#publish();
  }

  #later(key, ms, call) {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => {
      this.#timers.delete(key);
      call();
    }, Math.min(TIMER_MAX_MS, ms)));
  }

  /* The rows of a match in the log and, if these are not all, its last message; null: not available now; undefined: too many. */
  async #log(id) {
    const rows = [], board = this.#board, asked = { format: 'json', match: id, ...(this.#types && { type: this.#types }) };
    let after = 0, next = '';
    for (let page = 0; page < LOG_PAGES_MAX && board === this.#board; page += 1) {
      const told = await this.#ask(next, next ? null : { ...asked, after });
      if (!Array.isArray(told?.events))
        return null;
      if (!told.reset)
        rows.push(...told.events);
      if (!told.reset && !told.more)
        return this.#types ? this.#withMessage(id, rows) : rows;
      after = told.reset?.oldest - 1;
      next = told.reset ? '' : told.next;
    }
    return undefined;
  }

  async #withMessage(id, rows) {
    const { events } = await this.#ask('', { format: 'json', match: id }) ?? {};
    return Array.isArray(events) ? [...rows, ...events] : null;
  }

  async #ask(path, parameters) {
    const url = new URL(path, this.#url);
    if (parameters) {
      url.search = new URL(this.#url).search;      // the token, if any,
      url.searchParams.delete('match');            // but not the filter of the stream
    }
    for (const [name, value] of Object.entries(parameters ?? {}))
      url.searchParams.set(name, value);
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(LOG_MS), cache: 'no-store' });
      const delay = delayFrom(answer.headers.get('Retry-After'), Date.now());
      this.#earliest = Math.max(this.#earliest, Date.now() + delay * (1 + Math.random()));
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;                // the feed reports the state of the connection
    }
  }
}
