/*
 * What the page says of a match, an event or news, in the reader's language.  Pure; it
 * knows neither the page nor the stream.
 */
import { say, sayOf } from './language.js';
import { statusKey, typeOf } from './types.js';

/* An unknown type is shown under its own name. */
export const eventName = (type) => sayOf('events', type) ?? type.replaceAll(/[-_]/g, ' ');

/* An unknown status is shown as it was sent. */
export function statusName(status) {
  return status === '' ? say('inPlay') : sayOf('statuses', statusKey(status)) ?? status;
}

export function sideOf(match, team) {
  return team === 'home' || team === 'away' ? match[team] : team;
}

/* Whether nothing was played: it is upcoming, or was called off before the start. */
function isUnplayed({ state, clock, score }) {
  return state === 'upcoming' || (state === 'off' && !(parseInt(clock, 10) > 0) && score?.home === 0 && score?.away === 0);
}

export function goalsOf(match, side) {
  return isUnplayed(match) ? '–' : match.score?.[side] ?? '–';
}

/* "Argentina 2, France 1", for screen readers */
export function scoreSentence({ home, away, score }) {
  return score ? `${home} ${score.home}, ${away} ${score.away}` : `${home}, ${away}`;
}

/* The news in an event, or in a score that changed without one: a goal, or that something no longer counts. */
export function newsSentence(match, event, kind) {
  const isPlain = !event || (typeOf(event.type).goal && event.type !== 'penalty');
  let what = isPlain ? say('goal') : eventName(event.type);
  if (event?.type === 'own-goal')
    what += ` (${eventName(event.type)})`;      // it counts for the team that is named
  if (!event && kind !== 'goal')
    what = say('corrected');
  if (event?.team)
    what = say('goalFor', { what, team: sideOf(match, event.team) });
  if (event && (kind === 'voided' || kind === 'corrected'))
    what = say(kind === 'voided' ? 'takenBackNews' : 'correctedNews', { what });
  return `${what}${event?.player ? `, ${event.player}` : ''}. ${scoreSentence(match)}.`;
}
