/*
 * For readers who watch on television: everything that the stream says is held back for as many
 * seconds as they choose, together and in order.
 */
import { choice } from './choices.js';
import { serverTime } from './times.js';

/* What time it is on the reader's screen. */
export const shownNow = () => Date.now() - 1000 * choice('delay');

/* A match from the scoreboard may be ahead of that. */
export const isAhead = ({ updatedAt }) => choice('delay') > 0 && updatedAt > serverTime(shownNow());

/* What a reader sees of one whose score is hidden. */
export const withoutScores = (match) => ({ ...match, score: null, half: null, aggregate: null, shootout: null, statistics: null, events: [] });

/* Returns a function that passes its messages on to hear() when they are due. */
export function held(hear) {
  const queue = [];
  let timer = null;

  function pass() {
    timer = null;
    while (queue.length > 0 && queue[0].at <= shownNow())
      hear(queue.shift().message);
    if (queue.length > 0)
      timer = setTimeout(pass, Math.min(1000, queue[0].at - shownNow()));
  }

  return (message) => {
    queue.push({ at: Date.now(), message });
    if (timer === null)
      pass();
  };
}
