// The page's modules without a page: state.js, types.js and words.js (words.mjs has languages and times).
// tests/page/state.t runs it; it prints TAP.
import { Board, EVENTS_KEPT, MATCHES_KEPT, ROW_EVENTS, TIMELINE_KEPT, matchFrom, merged, redsOf, rowOf } from './state.js';
import { delayFrom } from './times.js';
import { stateOf } from './types.js';
import { eventName, newsSentence } from './words.js';
import { is, plan } from './tap.mjs';

const AT = '2026-11-22T12:00:00.000Z';
const TEAMS = { home_team: 'Ajax', away_team: 'PSV' };
let id = 0;
const row = (type, data) => ({ id: id += 1, match_id: 'm', type, created_at: AT, data });
const message = (home, away, more = {}) => row('message', { ...TEAMS, score: { home, away }, time: '10:00', status: 'First Half', ...more });
const event = (type, more = {}) => row(type, { time: '12:00', team: 'home', player: 'Berghuis', ...more });

// A board that has taken the first message, then the rows as news.
function boardOf(...rows) {
  const board = new Board();
  board.take(message(0, 0));
  board.drain();
  for (const one of rows)
    board.take(one, { heardAt: 1_000_000, news: true });
  return board;
}

const matchOf = (board) => board.matches.get('m');
const newsOf = (board) => {
  const { news } = board.drain();
  return news.map(({ kind, event: what }) => `${kind} ${what?.type ?? ''}`.trim());
};
const listed = (board) => matchOf(board).events.map(({ type, voided }) => (voided ? `-${type}` : type));

// News.
is(newsOf(boardOf(event('goal'), message(1, 0))), ['goal goal'], 'a goal without a score, and the score after it, are one piece of news');
is(newsOf(boardOf(event('goal', { score: { home: 1, away: 0 } }), message(1, 0))), ['goal goal'], 'a goal with its score, and the message after it, are one piece of news');
is(newsOf(boardOf(message(1, 0, { events: [{ type: 'goal', time: '12:00', team: 'home', player: 'Berghuis' }] }))), ['goal goal'], 'a goal that only a message has is news');
is(newsOf(boardOf(message(1, 0))), ['goal'], 'a score that rises by itself is news');
is(newsOf(boardOf(event('goal'), message(2, 0))), ['goal goal', 'goal'], 'both of two goals are news, though only one had a row');
is(newsOf(boardOf(message(0, 0, { time: '11:00' }))), [], 'a new clock is not news');
is(newsOf(boardOf(event('yellow-card'), event('substitution'))), [], 'a card or a substitution is not news');
{
  const board = new Board();
  board.take(message(3, 0), { heardAt: 1, news: true });
  is(newsOf(board), [], 'the first row of a match is not news');
  board.take(event('goal'));
  is(newsOf(board), [], 'a row of the past is not news');
}

// Scores that change back.
{
  const scores = (...list) => newsOf(boardOf(...list.map(([home, away]) => message(home, away))));
  is(scores([1, 0], [0, 0]), ['goal', 'corrected'], 'a score that falls by itself is a correction');
  is(scores([2, 0], [2, 1], [2, 0], [2, 1], [2, 0], [2, 1]), ['goal', 'goal', 'corrected', 'corrected'], 'a score that comes back is not a goal each time');
  is(scores([1, 0], [0, 0], [0, 1]), ['goal', 'corrected', 'goal'], 'a goal of the other side is one');
}
{
  const late = event('goal', { score: { home: 1, away: 0 } });
  is(newsOf(boardOf(message(1, 0), late, message(1, 0))), ['goal'], 'a goal that the score had already is not news again when its row comes');
  const goal = event('goal', { score: { home: 1, away: 0 } });
  const moved = event('goal', { time: '13:00', score: { home: 1, away: 0 }, voids: goal.id });
  const board = boardOf(goal, message(3, 1));
  board.drain();
  board.take(moved, { news: true });
  board.take(message(3, 1, { events: [{ ...moved.data, type: 'goal' }] }), { news: true });
  is(newsOf(board), ['corrected goal'], 'a goal whose minute is corrected is news once, whatever the score was then');
}
{
  const board = new Board();
  for (const one of [event('kickoff'), event('goal'), event('goal', { time: '13:00' }), message(2, 0)])
    board.take(one, { news: true });
  is(newsOf(board), [], 'the past of a match that is new on the board is not news');
}

// Corrections.
{
  const goal = event('goal', { score: { home: 1, away: 0 } });
  const board = boardOf(goal, event('void', { voids: goal.id, voided: 'goal', score: { home: 0, away: 0 } }));
  is(listed(board), ['-goal'], 'a void strikes the event out, and is not listed');
  is(matchOf(board).score, { home: 0, away: 0 }, 'a void brings the score with it');
  is(newsOf(board), ['goal goal', 'voided goal'], 'a void is news');
  board.take(message(0, 0, { events: [{ type: 'void', voids: goal.id, voided: 'goal' }] }), { news: true });
  is([listed(board), newsOf(board)], [['-goal'], []], 'the message that repeats it changes nothing');
  is(matchOf(board).partial, false, 'nothing is missing');
}
{
  const goal = event('goal');
  const board = boardOf(goal, event('own-goal', { voids: goal.id, team: 'away' }));
  is(listed(board), ['own-goal', '-goal'], 'a correction takes the place of what it takes back');
  is(newsOf(board), ['goal goal', 'corrected own-goal'], 'a correction is one piece of news');
  is(matchOf(boardOf(event('void', { voids: 9999 }))).partial, true, 'where the row is not known, the log of the match is wanted');
}

// Repeated and unknown rows.
{
  const goal = event('goal');
  const board = boardOf(goal, message(1, 0, { events: [goal.data].map((data) => ({ ...data, type: 'goal' })) }));
  is(listed(board), ['goal'], 'an event that had its own row is not listed twice');
  board.take(event('bicycle-kick'), { news: true });
  is(listed(board), ['bicycle-kick', 'goal'], 'an unknown type is listed');
  is(eventName('bicycle-kick'), 'bicycle kick', 'an event of an unknown type is shown by the name of its type');
}
for (const data of [null, 7, 'x', [1], { score: 'many', time: {}, status: 7, events: 'none', home_team: [] }, { score: { home: '1', away: {} }, events: [null, 7, {}] }, { voids: 'x', starts_at: {}, competition: [] }])
  is(matchOf(boardOf(row('message', data))).score, { home: 0, away: 0 }, `data of ${JSON.stringify(data)} do no harm`);
{
  const board = new Board();
  for (const one of [null, 7, {}, { id: 1, data: {} }, { id: 2, match_id: '__proto__', type: 'goal', data: {} }])
    board.take(one, { news: true });
  is([...board.matches.keys()], ['__proto__'], 'malformed rows are skipped, and __proto__ is only a name');
}

// Bounds.
{
  const many = (type, length) => Array.from({ length }, (_, n) => event(type, { time: String(n) }));
  const ends = (board) => [matchOf(board).events.length, matchOf(board).events[0].time, matchOf(board).events.at(-1).time];
  const board = boardOf(...many('corner', EVENTS_KEPT));
  is(ends(board), [EVENTS_KEPT, String(EVENTS_KEPT - 1), '0'], `${EVENTS_KEPT} events of a match are kept`);
  board.take(event('corner', { time: 'last' }));
  is(ends(board), [EVENTS_KEPT, 'last', '1'], 'one more event replaces the oldest event');
  const goals = boardOf(...many('goal', EVENTS_KEPT), ...many('corner', EVENTS_KEPT + 1));
  is(listed(goals).filter((type) => type === 'goal').length, EVENTS_KEPT, 'an event beyond the bound does not replace a goal');
  goals.take(event('goal', { time: 'last' }));
  is([listed(goals).length, ends(goals)[2]], [2 * EVENTS_KEPT, '1'], 'as many goals of a match are kept as other events');

  const looked = boardOf();
  looked.look(new Set(['m']));
  many('corner', TIMELINE_KEPT).forEach((one) => looked.take(one));
  is(ends(looked), [TIMELINE_KEPT, String(TIMELINE_KEPT - 1), '0'], `${TIMELINE_KEPT} events are kept of an open match`);
  is(looked.told(matchOf(looked)).events.length, TIMELINE_KEPT, 'a reader of a match gets all events that are kept');
  looked.take(event('corner', { time: 'last' }));
  is(ends(looked), [TIMELINE_KEPT, 'last', '1'], 'of one event more, the newest are kept for a reader of a match');
  looked.look(new Set());
  is(ends(looked)[0], EVENTS_KEPT, 'a closed match keeps a time line as short as others');
  const cards = boardOf(...many('yellow-card', ROW_EVENTS + 1));
  is(rowOf(matchOf(cards)).events.map(({ time }) => time), Array.from({ length: ROW_EVENTS }, (_, n) => String(ROW_EVENTS - n)), `a row has the newest ${ROW_EVENTS} events`);
}
is(rowOf(matchOf(boardOf(...['goal', 'var', 'substitution', 'red-card', 'corner', 'own-goal', 'missed-penalty', 'shootout-goal', 'halftime'].map((type) => event(type))))).events.map(({ type }) => type),
  ['missed-penalty', 'own-goal', 'red-card', 'var', 'goal'], 'a row shows goals, penalties, cards and reviews, the newest first');

// A match as the scoreboard has it, and what the stream says since.
{
  const entry = { match_id: 'm', message_id: 1000, updated_at: AT, ...TEAMS, score: { home: 1, away: 0 }, time: '50:00', status: 'Second Half', red_cards: { home: 0, away: 1 }, half_time: { home: 1, away: 0 } };
  const known = matchFrom(entry, 1000), told = (messageId, more = {}) => ({ ...matchOf(boardOf()), messageId, ...more });
  const red = (at, team) => ({ id: at, type: 'red-card', team, voided: false });
  is([redsOf(known, 'home'), redsOf(known, 'away'), known.half.home], [0, 1, 1], 'a match of the scoreboard has its red cards and its score at half-time');
  is(redsOf(merged(known, told(1002, { events: [red(1001, 'away'), red(900, 'away'), red(1001, 'home')] })), 'away'), 2, 'red cards of the stream count if they came after the scoreboard');
  is(redsOf(merged(known, told(1002, { logged: true, events: [red(900, 'away')] })), 'away'), 1, 'red cards are those of the log of the match if that is there');
  is([merged(known, told(900)).score.home, merged(known, told(1002)).score.home], [1, 0], 'of the scoreboard and the stream, the newer message counts');
  is([null, { home: 0, away: 0 }, false].map((half) => merged(known, told(1002, { half, aggregate: null })).half), [{ home: 1, away: 0 }, { home: 0, away: 0 }, false], 'a match of the stream keeps the half-time score of the scoreboard, unless it is replayed');
  is(merged(known, told(0, { events: [{ id: 1001 }], score: { home: 2, away: 0 } })).score.home, 2, 'an event that comes before its message brings its score');
  is(matchFrom({ match_id: '' }, 1), undefined, 'a row without a match_id is not a match');
}
{
  const board = new Board(), at = (n) => new Date(Date.parse(AT) + n).toISOString();
  const update = (n, status) => board.take({ id: id += 1, match_id: `m${n}`, type: 'message', created_at: at(n), data: { ...TEAMS, status } });
  for (let n = 0; n < MATCHES_KEPT; n += 1)
    update(n, n === 7 || n === 5 ? 'Full Time' : 'First Half');
  is([board.matches.size, board.drain().gone], [MATCHES_KEPT, []], `${MATCHES_KEPT} matches are kept`);
  board.look(new Set(['m0']));
  update(MATCHES_KEPT, 'First Half');
  is([board.matches.size, board.drain().gone], [MATCHES_KEPT, ['m5']], 'one more match replaces the match that has been over for longest');
  update(MATCHES_KEPT + 1, 'First Half');
  update(MATCHES_KEPT + 2, 'First Half');
  is(board.drain().gone, ['m7', 'm1'], 'if no match is over, the one updated longest ago is dropped, unless it is open');
  update(1, 'First Half');
  const { matches, gone } = board.drain();
  is([matches.map(({ id: one }) => one), gone, board.matches.has('m1')], [['m1'], ['m2'], true], 'a dropped match returns with its next row');
}

// The log of a match, read later.
{
  const log = [message(0, 0), event('goal', { player: 'First', time: '1:00' }), message(1, 0)];
  const board = boardOf(event('goal', { player: 'Second', time: '2:00' }));
  board.drain();
  board.replay('m', [...log, event('goal', { player: 'Third', time: '3:00' })]);
  is(matchOf(board).events.map(({ player }) => player), ['Third', 'First'], 'the log of a match replaces what was known of it');
  is(newsOf(board), [], 'the replayed log of a match is not news');
  board.replay('m', [event('goal')]);
  is(matchOf(board).status, 'First Half', 'a log without a message does not make a match');
}
{
  const board = boardOf(), goal = event('goal', { player: 'Late' });
  board.replay('m', [message(0, 0), goal]);
  board.take(goal, { heardAt: 1_000_000, news: true });
  is([listed(board), newsOf(board)], [['goal'], ['goal goal']], 'a row that the log of its match had before it came is there once, and news');
  board.take(message(2, 0), { heardAt: 1_000_000, news: true });
  is(newsOf(board), ['goal'], 'a goal whose row came twice counts once');
}
{
  const whole = [];
  for (const [type, home] of [['goal', 1], ['goal', 2], ['var', 2]])
    whole.push(event(type, { time: `${whole.length}:00`, score: { home, away: 0 } }), message(home, 0));
  whole.push(event('void', { voids: whole[2].id, score: { home: 1, away: 0 } }), message(1, 0));
  const live = new Board(), late = new Board();
  whole.forEach((one) => live.take(one, { heardAt: 5, news: true }));
  late.take(whole.at(-1));
  late.replay('m', whole);
  const plain = ({ clockAt, logged, ...match }) => match;
  is(plain(matchOf(late)), plain(matchOf(live)), 'a page that is opened late knows as much as one that was open all the time');
}

// Matches that continue after their end.
{
  const board = boardOf(event('goal'), message(1, 0, { status: 'Full Time', time: '90+3' }));
  board.take(message(0, 0, { time: '1:00' }));
  is([matchOf(board).state, listed(board)], ['live', []], 'a finished match whose clock went back is replayed');
  const again = boardOf(event('goal'), message(1, 0, { status: 'Full Time', time: '90:00' }), message(1, 0, { status: 'Extra Time', time: '90:00' }));
  is([matchOf(again).state, listed(again)], ['live', ['goal']], 'in extra time it keeps its events');
  again.take(message(0, 0, { status: 'Full Time' }));
  again.take(message(0, 0, { status: 'Scheduled', time: '' }));
  is([matchOf(again).state, listed(again)], ['upcoming', []], 'when it is to come again it has none');
}

is(['Scheduled', 'not-started', 'Delayed', '1st Half', 'Half Time', '', 'Penalty Shoot-out', 'Suspended', 'FT', 'full time', 'After Extra Time', 'AP', 'Abandoned', 'PST'].map((status) => stateOf(status)).join(' '),
  'upcoming upcoming upcoming live live live live live finished finished finished finished off off', 'a status says whether a match is to come, in play, over or off');
is([stateOf('Ikke kendt', '23:00'), stateOf('Ikke kendt', ''), stateOf('', '')], ['live', 'upcoming', 'live'], 'an unknown status is in play only with a clock');

is(['7', '0', 'Sun, 22 Nov 2026 12:00:09 GMT', 'Sun, 22 Nov 2026 11:59:59 GMT', 'soon', '-1', null].map((field) => delayFrom(field, Date.parse(AT))), [7000, 0, 9000, 0, 0, 0, 0], 'Retry-After is in seconds, an instant, or missing');
is(newsSentence({ home: 'Ajax', away: 'PSV', score: { home: 1, away: 0 } }, { type: 'penalty', team: 'home', player: '' }, 'voided'), 'Taken back: Penalty scored for Ajax. Ajax 1, PSV 0.', 'news is a sentence');

plan();
