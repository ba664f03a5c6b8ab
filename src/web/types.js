/*
 * What the types of events and the statuses of matches mean.  Pure, and no words: it
 * knows neither the page nor the stream nor a language.
 */
import { STATUSES } from './statuses.js';

/*
 * The types of events: picture, whether it is a goal for the event's team, and whether
 * it is one of the main events of a match.
 */
const TYPES = new Map(Object.entries({
  'goal':          { icon: 'ball', goal: true, main: true },
  'own-goal':      { icon: 'ball', tone: 'red', goal: true, main: true },
  'penalty':       { icon: 'ball', goal: true, main: true },
  'missed-penalty': { icon: 'cross', main: true },
  'yellow-card':   { icon: 'card', tone: 'yellow' },
  'second-yellow': { icon: 'cards', tone: 'red', main: true },
  'red-card':      { icon: 'card', tone: 'red', main: true },
  'substitution':  { icon: 'swap' },
  'var':           { icon: 'screen' },
  'shootout-goal': { icon: 'ball', main: true },
  'shootout-miss': { icon: 'cross', main: true },
  ...Object.fromEntries(['kickoff', 'halftime', 'secondhalf', 'extra-time', 'shootout', 'fulltime']
    .map((type) => [type, { icon: 'clock', phase: true }])),
  ...Object.fromEntries(['delayed', 'postponed', 'suspended', 'abandoned', 'cancelled', 'awarded']
    .map((type) => [type, { icon: 'stop', phase: true }])),
}));

export const typeOf = (type) => TYPES.get(type) ?? { icon: 'dot' };

const LEARNED_MAX = 500;
const learned = new Map();        // states, from the service, of statuses that people added to its table

const wordOf = (status) => status.toLowerCase().replaceAll(/[ _-]/g, '');

/* The service's state for an unknown status depends on whether there is a clock. */
const keyOf = (status, clock) => `${wordOf(status)} ${clock !== ''}`;

/* [state, event, last minute] of a known status. */
const meaningOf = (status) => STATUSES.get(wordOf(status)) ?? [];

/* live, upcoming, finished, or off: it will not be played, or not to its end */
export function stateOf(status, clock = '') {
  return meaningOf(status)[0] ?? learned.get(keyOf(status, clock)) ?? (status === '' || clock !== '' ? 'live' : 'upcoming');
}

export const isKnown = (status, clock) => status === '' || STATUSES.has(wordOf(status)) || learned.has(keyOf(status, clock));

export function learn(status, clock, state) {
  if (learned.size >= LEARNED_MAX)
    learned.clear();
  learned.set(keyOf(status, clock), state);
}

export const isOver = (state) => state === 'finished' || state === 'off';

/* Whether a status says more than "upcoming". */
export function isPutOff(status) {
  return (meaningOf(status)[1] ?? null) !== null;
}

/* A status's key in the languages' list: its event, its state or one of three that only its words tell; undefined: unknown. */
export function statusKey(status) {
  const [state, event] = meaningOf(status), word = wordOf(status);
  if (event === 'fulltime' && /extra|^aet$/.test(word))
    return 'aet';
  if (event === 'fulltime' && /pen|^ap$/.test(word))
    return 'pens';
  if (state === 'live' && !event && /break|^bt$|halftime|etht|^wait|^await/.test(word))
    return 'break';
  return event ?? state;
}

/* Whether the ball rests: at half-time, in another break, in a shoot-out, while a match is suspended. */
export const isBroken = (status) => ['halftime', 'break', 'shootout', 'suspended'].includes(statusKey(status));

/*
 * The minute at which the clock of a status stops by itself, because a page does not
 * know the stoppage time.  0: the clock stands still.
 */
export function lastMinuteOf(status) {
  return meaningOf(status)[2] ?? 0;
}
