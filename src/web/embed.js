/*
 * A live match for any page:
 *
 *     <script src="https://scores.example/embed.js" data-match="ID" async></script>
 *
 * adds a <livescore-match> after itself; data-theme="light" or "dark" and data-lang choose its look
 * and language, which otherwise are those of the reader and the page.  Once the script has run, with or without
 * data-match, <livescore-match match="ID"> works anywhere in the page.  All of a page's
 * matches share one stream, which ends with the last of them, and is closed while the page
 * is hidden.
 *
 * Data is untrusted: it becomes text only (textContent), in a shadow root.  The style is a
 * constructed sheet, so a strict Content-Security-Policy needs only script-src and
 * connect-src for the scores' origin.
 */
(() => {
  'use strict';

  /* modules: the build puts some of the page's here (Makefile) */


  const NAME = 'livescore-match';
  const SHOWN = ['goal', 'own-goal', 'penalty', 'red-card', 'second-yellow'];
  const HISTORY = [...SHOWN, 'var', 'void'].join(); // with corrections
  const FILTER_MAX = 32;          // matches that the service accepts in one filter
  const FILTER_LENGTH_MAX = 1500; // roughly what fits into a request
  const SILENCE_MS = 45_000;      // three missed heartbeats: the stream is dead
  const CHECK_MS = 5_000;
  const RETRY_FIRST_MS = 2_000;
  const RETRY_MAX_MS = 60_000;

  const CSS = `
    :host { all: initial; display: block; max-width: 26rem; color-scheme: light dark; contain: content; }
    :host([hidden]) { display: none; }
    :host([theme="light"]) { color-scheme: light; }
    :host([theme="dark"]) { color-scheme: dark; }
    .card { --card: var(--livescore-card, light-dark(#fff, #18201c)); --edge: var(--livescore-edge, light-dark(#dfe4e1, #2b3630));
      --text: var(--livescore-text, light-dark(#16201b, #e8eeea)); --soft: var(--livescore-soft, light-dark(#5a6760, #9caba3));
      --live: var(--livescore-live, light-dark(#0b7a3e, #5fd394)); --red: var(--livescore-red, light-dark(#d4262f, #ff6a6a));
      --flash: var(--livescore-flash, light-dark(#ffe27a, #6b5a12));
      padding: .75rem 1rem; border: 1px solid var(--edge); border-radius: var(--livescore-radius, .75rem); background: var(--card); color: var(--text);
      font: 1rem/1.45 var(--livescore-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif); overflow-wrap: anywhere; }
    p, ol { margin: 0; padding: 0; list-style: none; }
    .competition { color: var(--soft); font-size: .8rem; }
    .when { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; min-height: 1.5em; color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; }
    .status::before { content: ""; display: inline-block; width: .5rem; height: .5rem; margin-inline-end: .45rem; border-radius: 50%; background: var(--soft); }
    .live .status::before { background: var(--live); }
    .side { display: flex; align-items: baseline; gap: .5rem; font-weight: 600; }
    .team { flex: 1; min-width: 0; }
    .kicks { color: var(--soft); font-weight: 400; }
    .score { min-width: 1.6em; font-size: 1.35rem; font-weight: 700; font-variant-numeric: tabular-nums; text-align: end; border-radius: .35rem; padding: 0 .35rem; margin-inline-end: -.35rem; }
    .moved { animation: moved 4s ease-out; }
    @keyframes moved { from, 40% { background: var(--flash); } }
    @media (prefers-reduced-motion: reduce) { .moved { animation-timing-function: step-end; } }
    .events { font-size: .85rem; }
    .events:not(:empty) { margin-top: .4rem; padding-top: .4rem; border-top: 1px solid var(--edge); }
    .away { text-align: end; }
    .time, .label { color: var(--soft); font-variant-numeric: tabular-nums; }
    .red .label { color: var(--red); }
    .voided { text-decoration: line-through; }
    a { color: var(--soft); font-size: .8rem; }
    :host([overlay]) { max-width: none; }
    :host([overlay]) .card { display: inline-flex; align-items: center; gap: .6em; max-width: 100%; padding: .2em .7em; border: 0; white-space: nowrap; font-size: var(--livescore-size, clamp(1.25rem, 2.8vw, 4rem));
      --card: var(--livescore-card, #0b1a12e0); --text: var(--livescore-text, #fff); --soft: var(--livescore-soft, #cfe3d8); --flash: var(--livescore-flash, #b88a00); }
    :host([overlay]) :is(.competition, .events, .more, .status:has(+ .clock:not(:empty))) { display: none; }
    :host([overlay]) .when { flex: none; min-height: 0; font-size: .7em; }
    :host([overlay]) :is(.side, .team) { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
    :host([overlay]) .side + .side { flex-direction: row-reverse; }
    :host([overlay]) .score { min-width: 1.2em; margin: 0; font-size: 1.2em; text-align: center; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  `;

  const text = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');
  const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  function parsed(json) {
    try {
      return JSON.parse(json);
    } catch {
      return null;
    }
  }

  const backOff = (failures) => Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures) * (0.5 + Math.random() / 2);

  const scoreOf = (score) => (Number.isInteger(score?.home) && Number.isInteger(score?.away) ? score : null);
  const textsOf = ({ time, team, player }) => ({ time: text(time), team: text(team), player: text(player) });

  function write(element, value) {
    if (element.textContent !== String(value))
      element.textContent = value;
  }

  function make(parent, name, className) {
    const element = document.createElement(name);
    element.className = className;
    return parent.appendChild(element);
  }

  /* The service's address for a query, with the script's token. */
  function address(script, path, query) {
    const url = new URL(path, script);
    const token = new URL(script).searchParams.get('token');
    url.search = new URLSearchParams(token === null ? query : { ...query, token });
    return url;
  }

  /* The stream shared by all elements of one script. */
  class Stream {
    static #all = new Map();
    #elements = new Set();
    #source = null;
    #heardAt = 0;
    #failures = 0;
    #retryAt = 0;
    #due = 0;

    static of(script) {
      if (!Stream.#all.has(script))
        Stream.#all.set(script, new Stream(script));
      return Stream.#all.get(script);
    }

    constructor(script) {
      this.script = script;
      document.addEventListener('visibilitychange', () => this.#open()); // hidden pages run no timers
      setInterval(() => this.#check(), CHECK_MS);
    }

    add(element) {
      this.#elements.add(element);
      this.#renew();
    }

    remove(element) {
      if (this.#elements.delete(element))
        this.#renew();
    }

    /* Once for all elements that come or go together. */
    #renew() {
      clearTimeout(this.#due);
      this.#due = setTimeout(() => this.#open(), 0);
    }

    #open() {
      this.#source?.close();
      this.#source = null;
      if (this.#elements.size === 0 || document.hidden)
        return;
      const cursors = [...this.#elements].map((element) => element.cursor);
      const ids = [...new Set([...this.#elements].map((element) => element.match))].join(',');
      const query = { batch: 100, heartbeat: 'event', after: Math.min(...cursors) };
      if (ids.split(',').length <= FILTER_MAX && encodeURIComponent(ids).length <= FILTER_LENGTH_MAX)
        query.match = ids;
      const source = this.#source = new EventSource(address(this.script, 'livescore', query));
      this.#heardAt = Date.now();
      source.onopen = () => this.#hear();
      source.onerror = () => this.#tell(false);
      source.onmessage = (event) => this.#take(event);
      source.addEventListener('heartbeat', (event) => {
        setServerAhead(parsed(event.data)?.now - Date.now());
        this.#take(event);
      });
      source.addEventListener('reset', () => this.#reset());
    }

    #hear() {
      this.#heardAt = Date.now();
      this.#failures = 0;
      this.#tell(true);
    }

    #tell(live) {
      for (const element of this.#elements)
        element.connected(live);
    }

    /* A batch of rows, or a heartbeat; both carry the cursor. */
    #take(event) {
      const rows = event.type === 'message' ? parsed(event.data) : [];
      this.#hear();
      if (rows === null)
        return;
      for (const element of this.#elements)
        element.take(rows, Number(event.lastEventId));
    }

    /* The log can't continue from the cursor: start over. */
    #reset() {
      this.#source.close();
      for (const element of [...this.#elements])
        element.load();
    }

    /* EventSource reconnects after most failures, but not after a refusal or a silence. */
    #check() {
      for (const element of this.#elements)
        element.tick();
      if (!this.#source)
        return;
      if (this.#source.readyState === EventSource.CLOSED && this.#retryAt === 0)
        this.#retryAt = Date.now() + backOff(this.#failures++);
      const silent = Date.now() - this.#heardAt > SILENCE_MS;
      if (this.#retryAt ? Date.now() >= this.#retryAt : silent) {
        this.#retryAt = 0;
        this.#open();
      }
    }
  }

  class LivescoreMatch extends HTMLElement {
    cursor = 0;
    #parts = null;
    #events = new Map();          // by row id
    #match = null;                // as its last message says
    #loading = null;
    #retry = 0;
    #failures = 0;

    get match() {
      return this.getAttribute('match') ?? '';
    }

    get script() {
      return this.getAttribute('src') ?? ownScript;
    }

    static observedAttributes = ['match'];

    attributeChangedCallback() {
      if (this.#parts && this.isConnected)
        this.connectedCallback();
    }

    connectedCallback() {
      this.#parts ??= this.#build();
      this.#parts.link.href = address(this.script, '.', { match: this.match });
      this.load();
    }

    disconnectedCallback() {
      this.#stop();
    }

    connected(live) {
      this.#parts.card.classList.toggle('live', live);
    }

    /* The state and the main events so far, then the live ones. */
    async load() {
      this.#stop();
      const loading = this.#loading = new AbortController();
      try {
        await spoken;
        const state = await this.#fetch({}, loading.signal);
        this.#events.clear();
        this.#match = null;
        this.cursor = state.last_id;
        this.#show(state.events, false);
        for (let after = 0, more = true; more;) {
          const { events, reset, last_id: last, more: rest } = await this.#fetch({ type: HISTORY, after }, loading.signal);
          const pruned = reset?.reason === 'gone' && after < reset.oldest - 1;
          this.#show(events, false);
          more = pruned || rest;
          after = pruned ? reset.oldest - 1 : last;
        }
        this.#failures = 0;
        Stream.of(this.script).add(this);
      } catch {
        if (!loading.signal.aborted)
          this.#retry = setTimeout(() => this.load(), backOff(this.#failures++));
      }
    }

    take(rows, cursor) {
      this.#show(rows.filter((row) => row.match_id === this.match && row.id > this.cursor), true);
      this.cursor = Math.max(this.cursor, cursor);
    }

    #stop() {
      clearTimeout(this.#retry);
      this.#loading?.abort();
      Stream.of(this.script).remove(this);
      this.connected(false);
    }

    async #fetch(query, signal) {
      const url = address(this.script, 'livescore', { format: 'json', match: this.match, ...query });
      const response = await fetch(url, { signal });
      if (!response.ok)
        throw new Error(`${url}: ${response.status}`);
      return response.json();
    }

    #build() {
      const root = this.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      const card = make(root, 'article', 'card'), competition = make(card, 'p', 'competition'), when = make(card, 'p', 'when');
      const parts = {
        card, competition: make(competition, 'bdi', ''), status: make(when, 'span', 'status'), clock: make(when, 'span', 'clock'),
        home: this.#side(card), away: this.#side(card), events: make(card, 'ol', 'events'),
        link: make(card, 'a', 'more'), said: make(card, 'p', 'unseen'),
      };
      parts.link.target = '_top';
      parts.said.setAttribute('role', 'status');
      spoken.then(() => {
        card.lang = languageNow();
        card.dir = direction();
        write(parts.link, say('allOfMatch'));
        if (!this.#match)
          write(parts.status, say('noNews'));
      });
      return parts;
    }

    #side(card) {
      const side = make(card, 'p', 'side');
      return { team: make(side, 'bdi', 'team'), kicks: make(side, 'span', 'kicks'), score: make(side, 'span', 'score') };
    }

    #show(rows, fresh) {
      for (const { id, type, data, created_at: at } of rows) {
        if (!isObject(data))
          continue;
        const voided = this.#events.get(data.voids), event = { type, ...textsOf(data), voided: this.#events.get(id)?.voided };
        if (voided)
          voided.voided = true;
        if (type === 'message')
          this.#showState(data, Date.parse(at), fresh);
        else if (SHOWN.includes(type))
          this.#events.set(id, event);
        if (fresh)
          this.#tell(data, event, voided);
      }
      this.#showEvents();
    }

    /* A goal, a corrected one, or one that no longer counts. */
    #tell({ home_team: home, away_team: away, score }, event, voided) {
      const match = { home: text(home) || this.#match?.home, away: text(away) || this.#match?.away, score: scoreOf(score) };
      if (typeOf(event.type).goal)
        write(this.#parts.said, newsSentence(match, event, voided ? 'corrected' : 'goal'));
      else if (voided && typeOf(voided.type).goal)
        write(this.#parts.said, newsSentence(match, voided, 'voided'));
    }

    #showState(data, at, fresh) {
      const status = text(data.status), clock = text(data.time), state = stateOf(status, clock), startsAt = Date.parse(text(data.starts_at));
      const isPlayed = state !== 'upcoming' && (state !== 'off' || parseInt(clock, 10) > 0);
      const kickoff = Number.isNaN(startsAt) ? text(data.local_time) : localTime(startsAt, Date.now());
      const match = this.#match = {
        home: text(data.home_team), away: text(data.away_team), status, clock, state, clockAt: fresh ? serverTime(Date.now()) : at,
      };
      write(this.#parts.competition, text(data.competition));
      write(this.#parts.status, state === 'upcoming' && !isPutOff(status) && kickoff !== '' ? say('kickoffAt', { time: kickoff }) : statusName(status));
      for (const which of ['home', 'away']) {
        const { team, kicks, score } = this.#parts[which];
        const goals = isPlayed ? scoreOf(data.score)?.[which] ?? '–' : '–';
        const more = fresh && goals > Number(score.textContent);
        write(team, match[which]);
        write(kicks, Number.isInteger(data.shootout?.[which]) ? `(${data.shootout[which]})` : '');
        write(score, goals);
        if (more) {
          score.classList.remove('moved');
          score.getBoundingClientRect();        // or the animation would not restart
          score.classList.add('moved');
        }
      }
      this.tick();
    }

    /* The clock runs between updates. */
    tick() {
      if (this.#match)
        write(this.#parts.clock, clockText(this.#match, Date.now()));
    }

    #showEvents() {
      const lines = [...this.#events.values()].map(({ type, time, team, player, voided }) => {
        const line = document.createElement('li'), { goal } = typeOf(type);
        line.className = team === 'away' ? 'away' : 'home';
        line.classList.toggle('voided', Boolean(voided));
        line.classList.toggle('red', !goal);
        write(make(line, 'span', 'time'), minuteText(time));
        line.append(' ');
        write(make(line, 'bdi', 'who'), player);
        line.append(' ');
        write(make(line, 'span', 'label'), type === 'goal' ? '' : eventName(type));
        return line;
      });
      this.#parts.events.replaceChildren(...lines);
    }
  }

  const script = document.currentScript;
  const ownScript = script.src;
  const spoken = learnLanguage(choose(script.dataset.lang ?? document.documentElement.lang, navigator.languages ?? []),
    (file) => import(new URL(`lang/${file}`, ownScript)));
  if (!customElements.get(NAME))
    customElements.define(NAME, LivescoreMatch);
  if (script.dataset.match && document.head.contains(script)) {
    console.warn('embed.js: a match is shown where its script is, so put that into the body');
  } else if (script.dataset.match) {
    const element = document.createElement(NAME);
    element.setAttribute('src', ownScript);
    element.setAttribute('match', script.dataset.match);
    if (script.dataset.theme)
      element.setAttribute('theme', script.dataset.theme);
    script.after(element);
  }
})();
