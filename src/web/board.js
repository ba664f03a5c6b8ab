/*
 * The page: chooses the view from the address, and connects the parts.
 *
 *     ./                 the board          ?q=TEXT    only matches that fit
 *     ?match=ID          one match
 *     ?debug             the raw frames (&after=CURSOR, &match=ID)
 */
import { Announcer, titleOf } from './announce.js';
import { paintConnection } from './connection.js';
import { pageAddress } from './dom.js';
import { say, speak } from './language.js';
import { link } from './link.js';
import { MatchView } from './match.js';
import { zoneName } from './times.js';
import { BoardView } from './view.js';

const address = new URL(location.href);
const FILTER_MAX = 60;

/* The stream's address: the page's own, with its token. */
function streamAddress() {
  const stream = new URL('livescore', document.baseURI), token = address.searchParams.get('token');
  if (token !== null)
    stream.searchParams.set('token', token);
  return stream.href;
}

/* The filter is kept in the address: it can be bookmarked and shared. */
function wireFilter(view) {
  const input = document.getElementById('filter');
  const apply = () => {
    view.filter(input.value.slice(0, FILTER_MAX));
    address.searchParams.set('q', input.value);
    if (input.value === '')
      address.searchParams.delete('q');
    history.replaceState(null, '', address);
  };
  input.value = address.searchParams.get('q') ?? '';
  input.addEventListener('input', apply);
  input.form.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('clear').addEventListener('click', () => {
    input.value = '';
    apply();
    input.focus();
  });
  view.filter(input.value);
}

function start() {
  const id = address.searchParams.get('match');
  const tell = link(streamAddress(), (message) => hear(message));
  const want = (match) => tell({ want: match, whole: id !== null });
  const view = id === null ? new BoardView(want) : new MatchView(id, want);
  const announcer = new Announcer();
  let connection = null;

  function hear(message) {
    connection = message.connection;
    paintConnection(connection, Date.now());
    if (message.kind !== 'matches' || (message.matches.length === 0 && !message.whole))
      return;
    view.show(message.matches, message.whole, message.gone);
    const news = message.news.map((one) => ({ ...one, match: view.find(one.id) })).filter(({ match }) => match && view.admits(match));
    announcer.tell(news);
    for (const { kind, match } of news)
      if (kind !== 'voided')
        view.celebrate(match.id);
  }

  /* Once a second; a hidden tab gets no animation frames. */
  function tick() {
    const now = Date.now();
    if (connection === null)
      return;
    if (view.isDue && document.hidden)
      view.paint();
    view.tick(connection.state === 'live' ? now : connection.heardAt ?? now);
    paintConnection(connection, now);
    announcer.title(view.only ? `${titleOf(view.only)} · livescore` : 'livescore', now);
  }

  if (id === null)
    wireFilter(view);
  else
    document.getElementById('filter').form.classList.add('absent');
  setInterval(tick, 1000);
}

await speak();
document.getElementById('brand').href = pageAddress({});
document.getElementById('zone').textContent = say('zone', { zone: zoneName() });
document.getElementById('frames').href = pageAddress({ debug: '' });
if (address.searchParams.has('debug'))
  import('./debug.js').then(({ debug }) => debug(streamAddress(), address));
else
  start();
