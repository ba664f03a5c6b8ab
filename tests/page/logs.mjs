// When the page's hub asks for the log of a match.  Clock, stream and server are fakes, so
// that a day takes no time.  tests/page/logs.t runs it; it prints TAP.
import { Hub } from './hub.js';
import { MATCHES_KEPT } from './state.js';
import { clockText } from './times.js';
import { is, plan } from './tap.mjs';

const SECOND = 1_000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE;
const settle = () => new Promise(setImmediate);
let now = 0, timers = [], stream = {}, asked = [], told = [], answer = null;

Date.now = () => now;
Math.random = () => 0.5;
globalThis.setInterval = () => null;
globalThis.setTimeout = (call, ms) => {
  const timer = { at: now + (ms < 2 ** 31 ? ms : 1), call };
  timers.push(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => { timers = timers.filter((one) => one !== timer); };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
globalThis.EventSource = class {
  static CLOSED = 2;
  get readyState() { return stream.readyState; }
  addEventListener(name, call) { stream[name] = call; }
  close() {}
};
globalThis.fetch = async (url) => {
  const { searchParams, search } = new URL(url), { match, after, type } = Object.fromEntries(searchParams);
  asked.push({ at: now / SECOND, match, after, type, query: search });
  const { status = 200, later = {}, ...body } = await answer({ match, after: Number(after) });
  return { status, ok: status === 200, headers: new Headers(later), json: async () => body };
};

// A server's answers.
const refuse = (seconds) => () => ({ status: 503, later: { 'Retry-After': String(seconds) } });
const fail = () => { throw new TypeError('no network'); };
const row = (match, id) => ({ id, match_id: match, type: 'message', created_at: '', data: { home_team: `after ${id}`, status: 'First Half' } });
const log = ({ match }) => ({ events: [row(match, 1)], last_id: 1, more: false, next: `?match=${match}&after=1` });
const pages = (length) => ({ match, after }) =>
  ({ events: [row(match, after + 1)], last_id: after + 1, more: after + 1 < length, next: `?match=${match}&after=${after + 1}` });

// Passes that much time, or so many timers: one that is set again and again is not waited for.
async function pass(ms) {
  const end = now + ms;
  await settle();
  for (let fired = 0; fired < 10_000; fired += 1) {
    const next = timers.reduce((one, other) => (one?.at <= other.at ? one : other), undefined);
    if (next === undefined || next.at > end)
      break;
    clearTimeout(next);
    now = Math.max(now, next.at);
    next.call();
    await settle();
  }
  now = end;
}

// A hub whose stream is live.
function hubWith(answers, { query = '', ...options } = {}) {
  [now, timers, stream, asked, told, answer] = [0, [], {}, [], [], answers];
  const hub = new Hub(`http://localhost/livescore${query}`, ({ matches = [] }) => told.push(...matches), options);
  hub.start();
  stream.heartbeat({ lastEventId: '1' });
  return hub;
}

const see = (hub, length) => Array.from({ length }, (_, n) => hub.hear({ want: `m${n}` }));
const come = (...rows) => stream.message({ data: JSON.stringify(rows), lastEventId: String(rows.at(-1).id) });
const times = () => asked.map(({ at }) => at);

// A server that refuses.
{
  const hub = hubWith(refuse(120));
  see(hub, 60);
  await pass(10 * MINUTE);
  is(times(), [0, 0, 180, 360, 540], 'after a refusal no log is requested before Retry-After, and then one');
  answer = log;
  await pass(3 * MINUTE);
  is([told.length, times().length], [60, 65], 'once the server answers, all logs are requested, each once');
}
{
  const hub = hubWith(({ match }) => (match === 'm0' ? refuse(120)() : log({ match })));
  see(hub, 9);
  await pass(119 * SECOND);
  is(asked.map(({ match }) => match), ['m0', 'm1'], 'an answer to an earlier request does not end the wait');
}
{
  see(hubWith(refuse(30 * 24 * 60 * 60)), 9);
  await pass(30 * DAY);
  is([...times(), timers.length], [0, 0, 1], 'Retry-After may be longer than a timer can be set for');
}
{
  const hub = hubWith(refuse(120)), at = (minute) => `2026-11-22T12:0${minute}:00.000Z`;
  come(...Array.from({ length: MATCHES_KEPT }, (_, n) => ({ ...row(`m${n}`, n + 2), created_at: at(n === 2 ? 0 : 1) })));
  see(hub, 4);
  await settle();
  come({ ...row('more', MATCHES_KEPT + 2), created_at: at(2) });
  answer = log;
  asked = [];
  await pass(5 * MINUTE);
  is(asked.map(({ match }) => match), ['m3', 'm0', 'm1'], 'a log is not requested when its match was dropped meanwhile');
}

// An unreachable server.
{
  const hub = hubWith(fail);
  see(hub, 1);
  await pass(MINUTE);
  is(times(), [0, 45], 'a log that could not be loaded is requested again');
  for (let n = 0; n < 5; n += 1) {
    see(hub, 1);
    await settle();
  }
  asked = [];
  await pass(3 * MINUTE);
  is(times(), [105, 150, 195, 240], 'a log is not requested more often when its match was opened meanwhile');
}

{
  const hub = hubWith(fail);
  hub.hear({ want: 'm0', whole: true }, 'a tab');
  await settle();
  answer = log;
  now = 5 * SECOND;
  stream.error({});
  stream.heartbeat({ lastEventId: '1' });
  await settle();
  is([times(), told.length], [[0, 5], 1], 'the log of a match that is open is requested as soon as the server is back');
}

// A server that asks for another token.
for (const [status, times] of [[503, 2], [401, 1]]) {
  const kept = [], hub = hubWith(() => ({ status }), { memory: { keep: (stream, state) => kept.push(state) } });
  await pass(6 * SECOND);
  stream.heartbeat({ lastEventId: '1' });
  Object.assign(stream, { readyState: EventSource.CLOSED });
  stream.error({});
  hub.hear({ online: true });
  await settle();
  hub.stop();
  is(kept.length, times, `a hub that ends after a ${status} has kept its state ${times === 1 ? 'only before' : 'once more'}`);
}

// A log that is too long.
{
  see(hubWith(pages(10)), 1);
  await pass(DAY);
  is([asked.length, told.at(-1)?.home], [10, 'after 10'], 'a log of ten pages is loaded');
}
{
  const hub = hubWith(pages(11));
  come(row('m0', 50));
  see(hub, 1);
  await pass(DAY);
  see(hub, 1);
  await pass(DAY);
  is([asked.length, told.at(-1)?.home], [10, 'after 50'], 'a longer log is requested once, and the known events stay');
}

// A log of which the beginning was deleted, and one of some types.
{
  see(hubWith(({ match, after }) => (after < 6 ? { reset: { reason: 'gone', oldest: 7 }, events: [row(match, 9)] } : { events: [row(match, 7)], more: false, next: '' })), 1);
  await pass(MINUTE);
  is([asked.map(({ after }) => after), told.at(-1).home], [['0', '6'], 'after 7'], 'a log whose beginning was deleted is loaded from its first row on');
}
{
  const goal = { id: 3, match_id: 'm0', type: 'goal', created_at: '', data: { team: 'home', player: 'P' } };
  const hub = hubWith(({ after }) => ({ events: after === 0 ? [goal] : [row('m0', 2)], more: false, next: '' }), { types: 'goal,void' });
  see(hub, 1);
  await pass(MINUTE);
  is([asked.map(({ after, type }) => `${after} ${type}`), told.at(-1).home, told.at(-1).events.map(({ player }) => player)], [['0 goal,void', 'undefined undefined'], 'after 2', ['P']],
    'a hub that wants some types asks for these, and for the last message');
  hub.pause();
  hub.start();
  come(row('m0', 5));
  is(told.at(-1).home, 'after 5', 'a hub that was paused continues from its state');
}

// No tab is left.
{
  const hub = hubWith(fail);
  see(hub, 9);
  await pass(MINUTE);
  hub.stop();
  is(timers.length, 0, 'a hub that has stopped waits for nothing');
  asked = [];
  await pass(DAY);
  is(asked.length, 0, 'a hub that has stopped requests nothing');
}
{
  let go = null;
  const held = new Promise((resolve) => { go = resolve; });
  const hub = hubWith((what) => held.then(() => pages(5)(what)));
  come(row('m0', 50));
  see(hub, 9);
  await settle();
  hub.stop();
  [asked, told] = [[], []];
  go();
  await pass(DAY);
  is([asked.length, told.length, timers.length], [0, 0, 0], 'a hub that stops ignores the answers to its requests');
}
{
  let go = null;
  const held = new Promise((_, reject) => { go = reject; });
  const hub = hubWith(() => held);
  see(hub, 1);
  await settle();
  hub.stop();
  asked = [];
  go(new TypeError('no network'));
  await pass(DAY);
  is([asked.length, timers.length], [0, 0], 'a hub that stops does not repeat a request that fails afterwards');
}
// Statuses that people added to the service's table.
{
  const said = (id, status, time) => ({ id, match_id: 'm0', type: 'message', created_at: '', data: { home_team: 'H', status, time } });
  const table = { status: 'Odlozen', time: '', state: 'off' };
  const hub = hubWith(({ match }) => (match ? log({ match }) : { matches: [table, { status: 'Prekid', time: '9', state: 'live' }] }));
  come(said(2, 'First Half', '9'));
  await pass(MINUTE);
  is(asked.length, 0, 'the service is not asked for the meaning of a known status');
  come(said(3, 'odlozen', ''));
  await pass(MINUTE);
  is([asked.length, told.at(-1).state], [1, 'off'], 'the service is asked about an unknown status, and the match is shown as it says');
  come(said(4, 'Second Half', '50'));
  come(said(5, 'Odlozen', ''));
  come(said(6, 'Prekid', '9'));
  await pass(DAY);
  is([asked.length, told.at(-2).state, told.at(-1).state], [1, 'off', 'live'], 'the service is asked once for all its statuses');
  for (let id = 7; id < 107; id += 1) {
    come(said(id, `Nobody knows ${id}`, ''));
    await pass(SECOND);
  }
  is([asked.length <= 4, told.at(-1).state], [true, 'upcoming'], 'unknown statuses cause at most one request per minute');
  hub.stop();
}

{
  const hub = hubWith(() => ({ matches: [] }), { query: '?match=m1%2Cm2&token=secret' });
  come({ ...row('m1', 2), data: { home_team: 'H', status: 'Prekid' } });
  await pass(MINUTE);
  is(asked.map(({ query }) => query), ['?token=secret'], 'a hub with a filter asks about statuses as one without does');
  hub.stop();
}

// A reader whose clock is wrong.
for (const ahead of [-5 * MINUTE, 5 * MINUTE]) {
  const server = Date.parse('2026-11-22T12:20:00Z'), hub = hubWith(log);
  now = server - ahead;
  const playing = (id, time, at) => ({ id, match_id: 'm0', type: 'message', created_at: new Date(at).toISOString(), data: { home_team: 'H', status: 'First Half', time } });
  stream.reset({});
  come(playing(2, '10:00', server - 2 * MINUTE));
  stream.heartbeat({ data: JSON.stringify({ now: server }), lastEventId: '2' });
  is(clockText(told.at(-1), now), '13′', `a reader whose clock is wrong by ${-ahead / MINUTE} minutes sees the minute of a match that was there before`);
  now += MINUTE;
  come(playing(3, '13:30', server - MINUTE));
  is(clockText(told.at(-1), now), '14′', `a reader whose clock is wrong by ${-ahead / MINUTE} minutes sees the minute of a match that comes`);
  hub.stop();
}

plan();
