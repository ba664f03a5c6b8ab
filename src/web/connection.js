/*
 * The state of the connection in the page's bar, its age, and the server's error message.
 */
import { choice } from './choices.js';
import { write } from './dom.js';
import { say } from './language.js';
import { ago, fromNow } from './times.js';

const WORDS = { connecting: 'connecting', live: 'connected', reconnecting: 'reconnecting', waiting: 'waiting' };

export function paintConnection({ state, retryAt, heardAt, problem, polling, viewers }, now) {
  const retry = retryAt === null ? '' : say('retry', { time: fromNow(retryAt - now) });
  const crowd = viewers === null ? '' : say('viewers', { n: viewers });
  const age = heardAt === null ? '' : say('heard', { time: ago(now - heardAt) }), delay = choice('delay');
  document.getElementById('connection').dataset.state = state;
  write(document.getElementById('connection-state'), say(state !== 'live' && !navigator.onLine ? 'offline' : polling && state === 'live' ? 'polling' : WORDS[state]));
  write(document.getElementById('connection-age'), [retry, state === 'live' && delay > 0 ? say('delayed', { n: delay }) : age, crowd].filter(Boolean).join(', '));
  document.getElementById('problem').hidden = problem === '';
  write(document.getElementById('problem'), problem && say('serverSays', { detail: problem }));
}
