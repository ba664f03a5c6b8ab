/*
 * The words and pictures for a match: names of event types, meanings of statuses,
 * and sentences about events.  Pure; it knows neither the page nor the stream.
 */

import { STATUSES } from './statuses.js';

/*
 * The types of events: label, picture, whether it is a goal for the event's team, and
 * whether it is one of the main events of a match.
 */
const TYPES = new Map(Object.entries({
  'goal':          { label: 'Goal', icon: 'ball', goal: true, main: true },
  'own-goal':      { label: 'Own goal', icon: 'ball', tone: 'red', goal: true, main: true },
  'penalty':       { label: 'Penalty scored', icon: 'ball', goal: true, main: true },
  'missed-penalty': { label: 'Penalty missed', icon: 'cross', main: true },
  'yellow-card':   { label: 'Yellow card', icon: 'card', tone: 'yellow' },
  'second-yellow': { label: 'Second yellow card', icon: 'cards', tone: 'red', main: true },
  'red-card':      { label: 'Red card', icon: 'card', tone: 'red', main: true },
  'substitution':  { label: 'Substitution', icon: 'swap' },
  'var':           { label: 'Video review', icon: 'screen' },
  'shootout-goal': { label: 'Scored in the shoot-out', icon: 'ball', main: true },
  'shootout-miss': { label: 'Missed in the shoot-out', icon: 'cross', main: true },
  'kickoff':       { label: 'Kick-off', icon: 'clock', phase: true },
  'halftime':      { label: 'Half-time', icon: 'clock', phase: true },
  'secondhalf':    { label: 'Second half', icon: 'clock', phase: true },
  'extra-time':    { label: 'Extra time', icon: 'clock', phase: true },
  'shootout':      { label: 'Penalty shoot-out', icon: 'clock', phase: true },
  'fulltime':      { label: 'Full time', icon: 'clock', phase: true },
  'delayed':       { label: 'Delayed', icon: 'stop', phase: true },
  'postponed':     { label: 'Postponed', icon: 'stop', phase: true },
  'suspended':     { label: 'Suspended', icon: 'stop', phase: true },
  'abandoned':     { label: 'Abandoned', icon: 'stop', phase: true },
  'cancelled':     { label: 'Cancelled', icon: 'stop', phase: true },
  'awarded':       { label: 'Awarded', icon: 'stop', phase: true },
}));

/* An unknown type is shown under its own name. */
export function typeOf(type) {
  return TYPES.get(type) ?? { label: type.replaceAll(/[-_]/g, ' '), icon: 'dot' };
}

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

/*
 * The minute at which the clock of a status stops by itself, because a page does not
 * know the stoppage time.  0: the clock stands still.
 */
export function lastMinuteOf(status) {
  return meaningOf(status)[2] ?? 0;
}

export function sideOf(match, team) {
  return team === 'home' || team === 'away' ? match[team] : team;
}

/* "Argentina 2, France 1", for screen readers */
export function scoreSentence({ home, away, score }) {
  return score ? `${home} ${score.home}, ${away} ${score.away}` : `${home}, ${away}`;
}

/* The news in an event: a goal, or that something no longer counts. */
export function newsSentence(match, event, kind) {
  const { label, goal } = typeOf(event.type);
  const what = goal && event.type !== 'own-goal' && event.type !== 'penalty' ? 'Goal' : label;
  const whose = event.team ? ` for ${sideOf(match, event.team)}` : '';
  const who = event.player ? `, ${event.player}` : '';
  const before = { goal: '', corrected: 'Corrected: ', voided: 'Taken back: ' }[kind];
  return `${before}${what}${whose}${who}. ${scoreSentence(match)}.`;
}

/* "Croatia · Penalty missed": the text of an event's line without time and player. */
export function eventParts(match, { type, team, replaces, detail, voided }, withSide) {
  const { label } = typeOf(type);
  return [
    withSide ? sideOf(match, team) : '', voided ? 'taken back' : '', replaces ? `for ${replaces}` : label, detail,
  ].filter(Boolean).join('\u00a0· ');
}
