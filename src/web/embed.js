/*
 * A live match for any page:
 *
 *     <script src="https://scores.example/embed.js" data-match="ID" async></script>
 *
 * adds a <livescore-match match="ID"> after itself, which then works anywhere in the page (README.md has its
 * attributes).  All of a page's matches share one hub (hub.js), whose stream ends with the last of them, and
 * is closed while the page is hidden.
 *
 * Data is untrusted: it becomes text only (textContent), in a shadow root.  The style is a constructed sheet, so a
 * strict Content-Security-Policy needs only script-src and connect-src for the scores' origin.
 */
(() => {
  'use strict';

  /* modules: the build puts some of the page's here (Makefile) */

  const NAME = 'livescore-match';
  const SHOWN = [...TYPES.keys()].filter((type) => typeOf(type).goal || typeOf(type).tone === 'red');
  const HISTORY = [...SHOWN, 'var', 'void'].join(); // with corrections
  const FILTER_MAX = 32;          // matches that the service accepts in one filter
  const FILTER_LENGTH_MAX = 1500; // roughly what fits into a request
  const TICK_MS = 5_000;

  const CSS = `
    :host { all: initial; display: block; max-width: 26rem; color-scheme: light dark; contain: content; }
    :host([hidden]) { display: none; }
    :host([theme="light"]) { color-scheme: light; }
    :host([theme="dark"]) { color-scheme: dark; }
    .card { --card: var(--livescore-card, light-dark(#fff, #18201c)); --edge: var(--livescore-edge, light-dark(#dfe4e1, #2b3630));
      --text: var(--livescore-text, light-dark(#16201b, #e8eeea)); --soft: var(--livescore-soft, light-dark(#5a6760, #9caba3));
      --live: var(--livescore-live, light-dark(#0b7a3e, #5fd394)); --red: var(--livescore-red, light-dark(#d4262f, #ff6a6a));
      --flash: var(--livescore-flash, light-dark(#ffe27a, #6b5a12));
      box-sizing: border-box; padding: .75rem min(1rem, 5%); border: 1px solid var(--edge); border-radius: var(--livescore-radius, .75rem); background: var(--card); color: var(--text);
      font: 1rem/1.45 var(--livescore-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif); overflow-wrap: anywhere; }
    p, ol { margin: 0; padding: 0; list-style: none; }
    .competition { color: var(--soft); font-size: .8rem; }
    .when { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; min-height: 1.5em; color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; }
    [data-state="live"] .status::before { content: ""; display: inline-block; width: .5rem; height: .5rem; margin-inline-end: .45rem; border-radius: 50%; background: var(--soft); }
    .live[data-state] .status::before { background: var(--live); }
    .side { display: flex; align-items: baseline; gap: .5rem; font-weight: 600; }
    .team { flex: 1; min-width: 0; }
    .kicks { color: var(--soft); font-weight: 400; }
    .score { min-width: 1.1em; font-size: 1.35rem; font-weight: 700; font-variant-numeric: tabular-nums; text-align: end; border-radius: .35rem; padding: 0 .35rem; margin-inline-end: -.35rem; }
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
      --card: var(--livescore-card, #0b1a12e0); --text: var(--livescore-text, #fff); --soft: var(--livescore-soft, #cfe3d8); --flash: var(--livescore-flash, #b88a00); --live: var(--livescore-live, #5fd394); }
    :host([overlay]) :is(.competition, .events, .more, .status:has(+ .clock:not(:empty))) { display: none; }
    :host([overlay]) .when { flex: none; min-height: 0; font-size: .7em; }
    :host([overlay]) :is(.side, .team) { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
    :host([overlay]) .side + .side { flex-direction: row-reverse; }
    :host([overlay]) .score { min-width: 1.2em; margin: 0; font-size: 1.2em; text-align: center; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  `;

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
    const url = new URL(path, script), token = new URL(script).searchParams.get('token');
    url.search = new URLSearchParams(token === null ? query : { ...query, token });
    return url.href;
  }

  /* The hub of all elements of one script. */
  class Scores {
    static #all = new Map();
    #script;
    #elements = new Set();
    #hub = null;
    #ids = [];                    // what it tells of
    #due = 0;

    static of(script) {
      if (!Scores.#all.has(script))
        Scores.#all.set(script, new Scores(script));
      return Scores.#all.get(script);
    }

    constructor(script) {
      this.#script = script;
      document.addEventListener('visibilitychange', () => this.#open()); // hidden pages run no timers
      for (const name of ['online', 'offline'])
        addEventListener(name, () => this.#elements.size > 0 && this.#hub?.hear({ online: navigator.onLine }));
      setInterval(() => this.#elements.forEach((element) => element.tick()), TICK_MS);
    }

    add(element) {
      this.#elements.add(element);
      this.#renew();
    }

    remove(element) {
      this.#hub?.left(element);
      if (this.#elements.delete(element))
        this.#renew();
    }

    /* Once for all elements that come or go together. */
    #renew() {
      clearTimeout(this.#due);
      this.#due = setTimeout(() => this.#open(), 0);
    }

    #open() {
      const ids = [...new Set([...this.#elements].map(({ match }) => match))].filter(Boolean);
      if (ids.length === 0 || document.hidden) {
        this.#hub?.pause();
        return;
      }
      if (!ids.every((id) => this.#ids.includes(id))) {
        const fits = ids.length <= FILTER_MAX && encodeURIComponent(ids.join()).length <= FILTER_LENGTH_MAX;
        this.#hub?.stop();
        this.#hub = new Hub(address(this.#script, 'livescore', fits ? { match: ids.join() } : {}), (message) => this.#hear(message), { types: HISTORY });
        this.#ids = ids;
      }
      this.#hub.start();
      for (const element of this.#elements)
        if (element.match)
          this.#hub.hear({ want: element.match, whole: true }, element);
    }

    #hear({ whole = false, matches = [], news = [], connection }) {
      for (const element of this.#elements) {
        const match = matches.find(({ id }) => id === element.match);
        element.connected(connection.state === 'live');
        if (match || whole)
          element.show(match ?? null, news.filter((one) => one.id === element.match && isOfScore(one)));
      }
    }
  }

  class LivescoreMatch extends HTMLElement {
    #parts = null;
    #match = null;
    #language = null;

    get match() {
      return this.getAttribute('match') ?? '';
    }

    get script() {
      return this.getAttribute('src') ?? ownScript;
    }

    static observedAttributes = ['match', 'lang'];

    attributeChangedCallback() {
      if (this.#parts && this.isConnected)
        this.connectedCallback();
    }

    async connectedCallback() {
      const asked = this.closest('[lang]')?.lang ?? '', scores = Scores.of(this.script);
      this.#parts ??= this.#build();
      this.#parts.link.href = address(this.script, '.', { match: this.match });
      scores.remove(this);
      this.#language = await languageFor(choose(asked, navigator.languages ?? []), (file) => import(new URL(`lang/${file}`, this.script)));
      if (!this.isConnected)
        return;
      this.show(null);
      scores.add(this);
    }

    disconnectedCallback() {
      Scores.of(this.script).remove(this);
      this.connected(false);
    }

    connected(live) {
      this.#parts.card.classList.toggle('live', live);
    }

    #build() {
      const root = this.attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      root.addEventListener('animationend', ({ target }) => target.classList.remove('moved'));
      const card = make(root, 'article', 'card'), competition = make(card, 'p', 'competition'), when = make(card, 'p', 'when');
      const parts = {
        card, competition: make(competition, 'bdi', ''), status: make(when, 'span', 'status'), clock: make(when, 'span', 'clock'),
        home: this.#side(card), away: this.#side(card), events: make(card, 'ol', 'events'),
        link: make(card, 'a', 'more'), said: make(card, 'p', 'unseen'),
      };
      parts.link.target = '_top';
      parts.said.setAttribute('role', 'status');
      return parts;
    }

    #side(card) {
      const side = make(card, 'p', 'side');
      return { team: make(side, 'bdi', 'team'), kicks: make(side, 'span', 'kicks'), score: make(side, 'span', 'score') };
    }

    /* null: there is no news of it.  news: goals, and those that no longer count */
    show(match, news = []) {
      const { card, competition, status, events, link, said } = this.#parts;
      use(this.#language);
      this.#match = match;
      card.lang = languageNow();
      card.dir = direction();
      card.dataset.state = match?.state ?? '';
      write(link, say('allOfMatch'));
      write(competition, match?.competition ?? '');
      write(status, match ? this.#when(match) : say('noNews'));
      for (const side of ['home', 'away'])
        this.#showSide(this.#parts[side], match, side);
      events.replaceChildren(...(match?.events ?? []).filter(({ type }) => SHOWN.includes(type)).reverse().map((event) => this.#line(event)));
      for (const { event, kind } of news)
        write(said, newsSentence(match, event, kind));
      this.tick();
    }

    /* The kick-off says more than "upcoming", unless the match is put off. */
    #when({ state, status, startsAt, localTime: there }) {
      const time = startsAt === null ? there : localTime(startsAt, Date.now());
      return state === 'upcoming' && !isPutOff(status) && time !== '' ? say('kickoffAt', { time }) : statusName(status);
    }

    #showSide({ team, kicks, score }, match, side) {
      const goals = match ? goalsOf(match, side) : '', shootout = match?.shootout;
      const more = score.textContent !== '' && goals > Number(score.textContent);
      write(team, match?.[side] ?? '');
      write(kicks, shootout ? `(${shootout[side]})` : '');
      write(score, goals);
      if (more)
        score.classList.add('moved');
    }

    #line({ type, time, team, player, voided }) {
      const line = document.createElement('li'), { goal } = typeOf(type);
      line.className = [team === 'away' ? 'away' : 'home', voided && 'voided', !goal && 'red'].filter(Boolean).join(' ');
      write(make(line, 'span', 'time'), minuteText(time));
      line.append(' ');
      write(make(line, 'bdi', 'who'), player);
      line.append(' ');
      write(make(line, 'span', 'label'), [type === 'goal' ? '' : eventName(type), voided ? say('takenBack') : ''].filter(Boolean).join(' · '));
      return line;
    }

    /* The clock runs between updates, while the match is in play. */
    tick() {
      use(this.#language);
      write(this.#parts.clock, this.#match?.state === 'live' ? clockText(this.#match, Date.now()) : '');
    }
  }

  const script = document.currentScript, ownScript = script.src;
  if (!customElements.get(NAME))
    customElements.define(NAME, LivescoreMatch);
  if (script.dataset.match && document.head.contains(script)) {
    console.warn('embed.js: a match is shown where its script is, so put that into the body');
  } else if (script.dataset.match) {
    const element = document.createElement(NAME), { match, theme, lang } = script.dataset;
    for (const [name, value] of Object.entries({ src: ownScript, match, theme, lang }))
      if (value)
        element.setAttribute(name, value);
    script.after(element);
  }
})();
