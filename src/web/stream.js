/*
 * The feed: brings the rows of the log in order, each once, and says how the
 * connection is.  EventSource resumes by itself after most failures; where it
 * gives up, and where a stream goes silent, this opens a new one from the cursor.
 * Of a stream that is refused a script learns nothing: so it asks for JSON before it
 * opens another, for as long as the server says why not, and when to come again.
 * Where a network holds frames back, it asks for the same rows as JSON instead,
 * again and again.  It runs in a page or in a worker.
 */
import { textFrom } from './state.js';
import { delayFrom } from './times.js';

const BATCH = 100;                // rows in a frame: with batch= every type comes as a message
const HELD_MS = 10_000;           // a stream begins with a frame: without one, it is held back
const ANSWER_MS = 20_000;         // for a stream's head
const SILENCE_MS = 45_000;        // three heartbeats missed: the stream is dead
const POLL_S = 25;                // shorter than what networks cut
const STREAM_AGAIN_MS = 300_000;  // after polling for so long, the network may be another one
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
  heardAt = null;                 // when the last word came
  retryAt = null;                 // when waiting ends
  problem = '';                   // what the server said is wrong
  polling = false;                // the network holds streams back
  #url;
  #on;
  #cursor = null;
  #settled = false;               // all there was has come: from now on it is news
  #failures = 0;
  #refused = false;               // the last stream
  #earliest = 0;                  // before that the server does not want to be asked
  #source = null;                 // the stream
  #request = null;                // or the AbortController of the polling
  #openedAt = 0;
  #pollingAt = 0;
  #spoken = false;                // a word has come since then
  #timer = null;
  #online = () => this.#hurry();

  /*
   * on.rows(rows, live): some rows; live, if they came as they were inserted.
   * on.reset(): all that is known is void; the snapshot follows.
   * on.settled(): that was all, so far.  on.changed(): how the connection is.
   */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
  }

  start() {
    this.#timer = setInterval(() => this.#check(), 1000);
    globalThis.addEventListener('online', this.#online);
    this.#open();
  }

  stop() {
    clearInterval(this.#timer);
    globalThis.removeEventListener('online', this.#online);
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
    if (this.polling)
      this.#poll();
    else if (this.#refused)
      this.#knock();
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
    source.addEventListener('message', ({ data, lastEventId }) => this.#take(parsed(data), lastEventId));
    source.addEventListener('heartbeat', ({ lastEventId }) => this.#settle(lastEventId));
    source.addEventListener('reset', () => this.#reset());
    source.addEventListener('error', (event) => this.#error(source, event));
  }

  /* The server's own word, which has data; or the connection's failure, which has none. */
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

  /* Whether the server answers now, which is not yet the end of its failures. */
  async #knock() {
    const failures = this.#failures, request = this.#request = new AbortController();
    if (!await this.#ask(request))
      return;
    this.#failures = failures;
    this.#refused = false;
    this.#open();
  }

  /* EventSource comes back by itself, with what it has missed. */
  #interrupted() {
    this.#openedAt = Date.now();
    this.#spoken = this.#settled = false;
    this.#become('reconnecting');
  }

  async #poll() {
    const request = new AbortController();
    this.#request = request;
    while (this.#request === request && Date.now() - this.#pollingAt < STREAM_AGAIN_MS)
      if (!await this.#ask(request))
        return;
    if (this.#request === request)
      this.#open();
  }

  /* One request: whether to go on with another at once. */
  async #ask(request) {
    let answer = null, told = null;
    try {
      answer = await fetch(this.#address({ format: 'json', wait: this.#settled ? POLL_S : 0 }),
        { signal: request.signal, cache: 'no-store' });
      told = await answer.json();
    } catch {
      // cut, aborted, or no JSON: what matters is that there is no answer
    }
    if (this.#request !== request)
      return false;
    if (!answer?.ok || !Array.isArray(told?.events)) {
      this.#complain(textFrom(told?.detail));
      this.#wait(delayFrom(answer?.headers.get('Retry-After'), Date.now()));
      return false;
    }
    if (told.reset)
      this.#reset();
    this.#take(told.events, String(told.last_id));
    if (!told.more)
      this.#settle('');
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
    this.problem = detail && `The server says: ${detail}`;
    this.#on.changed();
  }

  /* Refused, or not reached: the longer it lasts, the later the next try, and not all try at once. */
  #wait(atLeast) {
    const shortest = Math.max(atLeast, Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.#failures) / 2);
    this.#close();
    this.#failures += 1;
    this.#earliest = Date.now() + atLeast;
    this.retryAt = Date.now() + shortest * (1 + Math.random());
    this.#become('waiting');
  }

  /* A network is there again. */
  #hurry() {
    if (this.state !== 'live' && Date.now() >= this.#earliest)
      this.#open();
  }

  /* Once a second or so: timers sleep when the device does. */
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

  /* A stream that says nothing: with a head, it is held back; without, perhaps as well. */
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
