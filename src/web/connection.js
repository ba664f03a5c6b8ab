/*
 * The state of the connection in the page's bar, with the age of the last message
 * from the server, and the server's error message.
 */
import { write } from './dom.js';
import { ageWords } from './times.js';

const STATES = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', waiting: 'Waiting for the server' };

export function paintConnection({ state, retryAt, heardAt, problem, polling }, now) {
  const retry = retryAt === null ? '' : `next try in ${ageWords(retryAt - now)}`;
  const age = heardAt === null ? '' : `heard ${ageWords(now - heardAt)} ago`;
  document.getElementById('connection').dataset.state = state;
  write(document.getElementById('connection-state'), polling && state === 'live' ? 'Live, by polling' : STATES[state]);
  write(document.getElementById('connection-age'), [retry, age].filter(Boolean).join(', '));
  document.getElementById('problem').hidden = problem === '';
  write(document.getElementById('problem'), problem);
}
