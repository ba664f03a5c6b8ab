/*
 * The page: chooses the view from the address (README.md lists them), and connects the parts.
 * Links between views load no page: the board stays as it was behind the others, so that Back finds
 * the reader's place.
 */
import { Announcer, titleOf } from './announce.js';
import { BoardView } from './board.js';
import { choice, isFavourite } from './choices.js';
import { paintConnection } from './connection.js';
import { pageAddress, paintDue } from './dom.js';
import { say, speak } from './language.js';
import { link } from './link.js';
import { held, isAhead, shownNow } from './spoilers.js';
import { zoneName } from './times.js';

const at = (id) => document.getElementById(id);
const parameters = () => new URLSearchParams(location.search);

const stream = new URL('livescore', document.baseURI).href;

/* Which view an address is for.  Views other than the board are loaded when they are wanted. */
class Router {
  view;
  #board;
  #others;
  #made = new Map();
  #place = null;                  // on the board: {focused, scrolled}

  /* others: by the parameter that asks for one, a function that makes it */
  constructor(board, others) {
    this.view = this.#board = board;
    this.#others = others;
    document.addEventListener('click', (event) => this.#click(event));
    document.addEventListener('go', ({ detail }) => this.go(detail));
    addEventListener('popstate', () => this.route());
  }

  go(address) {
    history.pushState(null, '', address);
    this.route();
  }

  async route(first = false) {
    const asked = parameters(), { search } = location, before = this.view;
    const name = Object.keys(this.#others).find((one) => asked.has(one)) ?? '';
    if (before === this.#board && name !== '')
      this.#place = { focused: document.activeElement, scrolled: scrollY };
    try {
      if (name !== '' && !this.#made.has(name))
        this.#made.set(name, await this.#others[name]());
    } catch {
      return first || location.reload();         // the server has another build now
    }
    if (location.search !== search)
      return;                     // the reader has gone on
    const view = this.#made.get(name) ?? this.#board;
    before.close?.();
    this.view = view;
    document.documentElement.dataset.view = name;
    at('view').replaceChildren(...(name === '' ? [] : [view.element]));
    view.open(asked);
    if (!first && before !== view)
      this.#settle(name);
  }

  /* Focus and place: those from before on the board, the beginning elsewhere. */
  #settle(name) {
    if (name !== '') {
      scrollTo(0, 0);
      at('view').focus({ preventScroll: true });
      return;
    }
    scrollTo(0, this.#place?.scrolled ?? 0);
    this.#place?.focused?.focus({ preventScroll: true });
  }

  #click(event) {
    const anchor = event.target.closest?.('a[href]');
    if (!anchor || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0)
      return;
    const to = new URL(anchor.href);
    if (to.origin !== location.origin || to.pathname !== location.pathname || to.searchParams.has('lang'))
      return;
    event.preventDefault();
    this.go(to.href);
  }
}

/* The templates, pictures and settings are a file of their own. */
async function complete() {
  const answer = await fetch(at('templates').href);
  document.body.insertAdjacentHTML('beforeend', await answer.text());
}

function start() {
  const tell = link(stream, (message) => hear(message));
  const board = new BoardView((id) => tell({ want: id, whole: false }));
  const tables = async () => new (await import('./tables.js')).TablesView();
  const router = new Router(board, {
    debug: async () => new (await import('./debug.js')).DebugView(stream),
    match: async () => new (await import('./match.js')).MatchView((id) => tell({ want: id, whole: true }), (id) => board.find(id)), table: tables, scorers: tables,
  });
  const announcer = new Announcer();
  const show = held(take);
  let connection = null, wasLive = false;

  function hear(message) {
    if (connection?.state !== 'live' && message.connection.state === 'live')
      board.again();
    connection = message.connection;
    paintConnection(connection, Date.now());
    wasLive ||= connection.state === 'live';
    if (connection.denied && wasLive)
      location.reload();          // to the page that asks for a token
    if (message.kind !== 'matches')
      return;
    const old = choice('delay') > 0 ? message.matches.filter((match) => !isAhead(match)) : [];
    if (old.length > 0)
      take({ matches: old, whole: false, gone: [], news: [] });     // such as the events of a row that was opened
    if (message.matches.length > 0 || message.whole)
      show(message);
  }

  function take({ matches, whole, gone, news }) {
    const { view } = router, told = new Map(matches.map((match) => [match.id, match]));
    for (const one of new Set([board, view]))
      one.show?.(matches, whole, gone);
    const heard = news.filter(({ id }) => told.has(id))
      .map((one) => ({ ...one, match: told.get(one.id), shown: view.admits?.(told.get(one.id)) ?? false }));
    announcer.tell(heard.filter(({ match, shown }) => shown || isFavourite(match)));
    for (const { kind, match } of heard)
      if (kind === 'goal' || kind === 'corrected')
        view.celebrate?.(match.id);
  }

  /* Once a second; a hidden tab gets no animation frames. */
  function tick() {
    const { view } = router, now = Date.now();
    if (connection === null)
      return;
    if (document.hidden)
      paintDue();
    view.tick?.(connection.state === 'live' ? shownNow() : connection.heardAt ?? shownNow());
    paintConnection(connection, now);
    announcer.title([view.only ? titleOf(view.only) : view.element.querySelector('h2.competition')?.textContent, 'livescore'].filter(Boolean).join(' · '), now);
  }

  at('open-settings').addEventListener('click', async () => (await import('./settings.js')).openSettings());
  router.route(true);
  setInterval(tick, 1000);
}

await complete();
await speak();
at('brand').href = pageAddress({});
at('zone').textContent = say('zone', { zone: zoneName() });
at('frames').href = pageAddress({ debug: '' });
if (parameters().has('overlay'))
  import('./overlay.js').then(({ overlay }) => overlay(parameters().get('overlay')));
else
  start();
