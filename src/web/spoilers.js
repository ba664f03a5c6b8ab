/*
 * For readers who watch on television: what the service says is held back for as many seconds as
 * they choose, together and in order.
 */
import { choice } from './choices.js';
import { merged } from './state.js';
import { serverTime } from './times.js';

/* What time it is on the reader's screen. */
export const shownNow = () => Date.now() - 1000 * choice('delay');

/* A match from the scoreboard may be ahead of that. */
export const isAhead = ({ updatedAt }) => choice('delay') > 0 && updatedAt > serverTime(shownNow());

/* One match from the scoreboard (known) and from the stream (told), which is held back. */
export const together = (known, told) => (told ? merged(known && isAhead(known) ? null : known, told) : known);

/* What a reader sees of one whose score is hidden.  "After penalties" would say that it was a draw. */
export function withoutScores(match) {
  const over = match.state === 'finished' ? { status: isAhead(match) ? '' : 'Full Time', clock: '' } : {};
  return { ...match, ...over, score: null, half: null, aggregate: null, shootout: null, statistics: null, events: [] };
}

/* Returns a function that passes what it gets on to hear() when that is due. */
export function held(hear) {
  const queue = [];
  let timer = null;
  const early = () => queue[0].at + 1000 * choice('delay') - performance.now();   // whatever the reader's clock does meanwhile

  function pass() {
    timer = null;
    while (queue.length > 0 && early() <= 0)
      hear(queue.shift().what);
    if (queue.length > 0)
      timer = setTimeout(pass, Math.min(1000, early()));
  }

  return (what) => {
    queue.push({ at: performance.now(), what });
    if (timer === null)
      pass();
  };
}
