/*
 * The feed: delivers the rows of the log in order, each once, and the state of the
 * connection.  EventSource resumes after most failures; where it gives up, or a stream
 * goes silent, this opens a new one from the cursor.  A script can't see why a
 * stream was refused, so the feed asks for JSON first, until the server accepts;
 * that answer has the reason, and when to come back.  If a network holds frames
 * back, the feed polls the same rows as JSON.  It runs in a page or in a worker.
 */
import { textFrom } from './state.js';
import { delayFrom, setServerAhead } from './times.js';

const BATCH = 100;                // rows in a frame: with batch= every type arrives as a message
const HELD_MS = 10_000;           // a stream begins with a frame: without one, it is held back
const ANSWER_MS = 20_000;         // for a stream's head
const SILENCE_MS = 45_000;        // three missed heartbeats: the stream is dead
const POLL_S = 25;                // shorter than networks' timeouts
const STREAM_AGAIN_MS = 300_000;  // after polling that long, the network may have changed
const PLACE_MS = 500;             // until the place of a connection that has ended is free
const DATE_MS = 2_000;            // a Date field has whole seconds: smaller differences are none
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export class Feed {
  state = 'connecting';           // connecting, live, reconnecting, waiting
  heardAt = null;                 // when the server was last heard
  retryAt = null;                 // when waiting ends
  problem = '';                   // the server's error message
  denied = false;                 // it asks for another token
  polling = false;                // the network holds streams back
  #url;
  #on;
  #cursor = null;
  #next = '';                     // the URL of the next page, if the last answer was one
  #settled = false;               // all existing rows have arrived: what follows is news
  viewers = null;                 // how many there are, if the server tells
  #failures = 0;
  #refused = false;               // the last stream
  #earliest = 0;                  // no requests before that time, as the server asked
  #source = null;                 // the stream
  #request = null;                // or the AbortController of the polling
  #openedAt = 0;
  #pollingAt = 0;
  #spoken = false;                // the server was heard since then
  #timer = null;

  /*
   * on.rows(rows, live): some rows; live, if they arrived as they were inserted.
   * on.reset(): forget everything; the snapshot follows.
   * on.settled(): all existing rows have arrived.  on.changed(): the connection's state has.
   */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
  }

  start() {
    if (this.#timer !== null)
      return;
    this.#timer = setInterval(() => this.#check(), 1000);
    this.#open();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#close();
  }

  #address(parameters) {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(parameters))
      url.searchParams.set(name, value);
    if (this.#cursor !== null)
      url.searchParams.set('after', this.#cursor);
    return url.href;
  }

  #open() {
    this.#close();
    this.retryAt = null;
    this.#openedAt = Date.now();
    this.#spoken = this.#settled = false;
    if (this.polling && Date.now() - this.#pollingAt > STREAM_AGAIN_MS)
      this.polling = false;
    if (this.polling || this.#refused)
      this.#poll();
    else
      this.#stream();
  }

  #close() {
    this.#source?.close();
    this.#request?.abort();
    this.#source = this.#request = null;
  }

  #stream() {
    const source = new EventSource(this.#address({ heartbeat: 'event', batch: BATCH }));
    this.#source = source;
    this.#next = '';
    source.addEventListener('message', ({ data, lastEventId }) => this.#take(parsed(data), lastEventId));
    source.addEventListener('heartbeat', ({ data, lastEventId }) => {
      const { now, viewers } = parsed(data) ?? {};
      setServerAhead(now - Date.now());
      this.viewers = Number.isInteger(viewers) ? viewers : null;
      this.#settle(lastEventId);
    });
    source.addEventListener('reset', () => this.#reset());
    source.addEventListener('error', (event) => this.#error(source, event));
  }

  /* The server's error event, which has data, or a connection failure, which has none. */
  #error(source, { data }) {
    if (data !== undefined)
      this.#complain(textFrom(parsed(data)?.detail));
    else if (source.readyState === EventSource.CLOSED)
      this.#refuse();
    else
      this.#interrupted();
  }

  #refuse() {
    this.#refused = true;
    this.#wait(0);
  }

  /* EventSource reconnects by itself, from its cursor. */
  #interrupted() {
    this.#openedAt = Date.now();
    this.#spoken = this.#settled = false;
    this.#become('reconnecting');
  }

  /* JSON while streams are held back or, if the last one was refused, once: that is no success yet. */
  async #poll() {
    const request = this.#request = new AbortController(), failures = this.#failures;
    do
      if (!await this.#ask(request))
        return;
    while (this.polling && Date.now() - this.#pollingAt < STREAM_AGAIN_MS);
    if (this.#refused)
      await new Promise((go) => setTimeout(go, PLACE_MS));
    if (this.#request !== request)
      return;
    this.#failures = this.#refused ? failures : 0;
    this.#refused = false;
    this.#open();
  }

  /* One request; returns whether to go on immediately. */
  async #ask(request) {
    let answer = null, told = null;
    try {
      answer = await fetch(this.#next ? new URL(this.#next, this.#url) : this.#address({ format: 'json' }), { signal: request.signal });
      told = await answer.json();
    } catch {
      // cut, aborted, or not JSON: no answer
    }
    if (this.#request !== request)
      return false;
    this.denied = answer?.status === 401;
    if (!answer?.ok || !Array.isArray(told?.events)) {
      this.#complain(textFrom(told?.detail));
      this.#wait(delayFrom(answer?.headers.get('Retry-After'), Date.now()));
      return false;
    }
    const date = Date.parse(answer.headers.get('Date')) + 1000 * Number(answer.headers.get('Age'));
    setServerAhead(Math.abs(date - Date.now()) > DATE_MS ? date - Date.now() : 0);
    if (told.reset)
      this.#reset();
    this.#take(told.events, String(told.last_id));
    if (!told.more)
      this.#settle('');
    this.#next = told.next + (this.#settled && !told.next.includes('&wait=') ? `&wait=${POLL_S}` : '');
    return true;
  }

  #take(rows, lastId) {
    if (Array.isArray(rows)) {
      const unseen = rows.filter((row) => !(row?.id <= this.#cursor));
      this.#advance(lastId);
      this.#hear();
      if (unseen.length > 0)
        this.#on.rows(unseen, this.#settled);
    }
  }

  #settle(lastId) {
    this.#advance(lastId);
    this.#hear();
    if (!this.#settled)
      this.#on.settled();
    this.#settled = true;
  }

  #reset() {
    this.#cursor = null;
    this.#settled = false;
    this.#on.reset();
    this.#hear();
  }

  #advance(lastId) {
    if (/^\d+$/.test(lastId))
      this.#cursor = Math.max(this.#cursor, Number(lastId));
  }

  #hear() {
    this.heardAt = Date.now();
    this.#spoken = true;
    this.#failures = 0;
    this.problem = '';
    this.#become('live');
  }

  #complain(detail) {
    this.problem = detail;
    this.#on.changed();
  }

  /* Refused or unreachable: the delay grows with each failure, and is random, so that not all pages retry at once. */
  #wait(atLeast) {
    const shortest = Math.max(atLeast, Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.#failures) / 2);
    this.#close();
    this.#failures += 1;
    this.#earliest = Date.now() + atLeast;
    this.retryAt = Date.now() + shortest * (1 + Math.random());
    this.#become('waiting');
  }

  /* The network has come or gone, says a page.  A server on the same machine may be there without one: so it is tried. */
  network(isOnline) {
    if (!isOnline && this.state === 'live')
      this.#become('reconnecting');
    else if (!isOnline || this.state === 'live' || Date.now() < this.#earliest)
      return;
    this.#open();
  }

  /* About once a second: timers sleep with the device. */
  #check() {
    const now = Date.now();
    if (this.retryAt !== null) {
      if (now >= this.retryAt)
        this.#open();
    } else if (this.#spoken ? now - this.heardAt > SILENCE_MS : this.polling && now - this.#openedAt > SILENCE_MS) {
      this.#become('reconnecting');
      this.#open();
    } else if (!this.#spoken && !this.polling) {
      this.#suspect(now - this.#openedAt);
    }
  }

  /* A silent stream is held back if it has a head; without one, probably too. */
  #suspect(ms) {
    if (this.#refused && ms > ANSWER_MS)
      this.#wait(0);
    else if (this.#source?.readyState === EventSource.CLOSED)
      this.#refuse();
    else if (this.#source && ms > (this.#source.readyState === EventSource.OPEN ? HELD_MS : ANSWER_MS)) {
      this.polling = true;
      this.#pollingAt = Date.now();
      this.#open();
    }
  }

  #become(state) {
    this.state = state;
    this.#on.changed();
  }
}
