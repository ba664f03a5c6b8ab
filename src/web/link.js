/*
 * A page's link to its hub: in the worker that all tabs share or, if none starts, in the page.  A
 * worker may die with the tab whose process it shares, and no event reports that: so it is polled.
 */
import { Hub } from './hub.js';
import * as memory from './kept.js';
import { setServerAhead } from './times.js';

const WORKER_MS = 5_000;          // to its first message
const ALIVE_MS = 15_000;          // between two polls

/* Calls listen(message) with the hub's messages; returns a function that sends one to the hub. */
export function link(url, listen) {
  let hear = null;
  const listener = (message) => {
    setServerAhead(message.connection.ahead);
    listen(message);
  };
  const alone = () => {
    const hub = new Hub(url, listener, { memory });
    hear = (message) => hub.hear(message);
    hub.start();
  };
  const share = () => {
    try {
      hear = shared(url, listener, alone, share);
    } catch {
      alone();                    // no SharedWorker here
    }
  };
  share();
  for (const name of ['online', 'offline'])
    globalThis.addEventListener(name, () => hear({ online: navigator.onLine }));
  return (message) => hear(message);
}

/* Calls failed() or gone() at most once: the worker does not start, or has died. */
function shared(url, listener, failed, gone) {
  const worker = new SharedWorker(new URL('worker.js', import.meta.url), { name: url, type: 'module' });
  const { port } = worker, over = new AbortController(), { signal } = over;
  let started = false, answered = false;
  const end = (then) => {
    over.abort();
    clearTimeout(start);
    clearInterval(alive);
    port.postMessage('leave');
    port.close();
    then();
  };
  const start = setTimeout(() => started || end(failed), WORKER_MS);
  const alive = setInterval(() => {
    if (answered)
      port.postMessage('alive');
    else
      end(gone);
    answered = false;
  }, ALIVE_MS);
  worker.addEventListener('error', () => started || end(failed), { signal });
  port.addEventListener('message', ({ data }) => {
    started = answered = true;
    if (data !== 'alive')
      listener(data);
  }, { signal });
  port.start();
  port.postMessage('join');
  globalThis.addEventListener('pagehide', () => port.postMessage('leave'), { signal });
  globalThis.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted)
      return;
    answered = true;
    port.postMessage('join');
  }, { signal });
  return (message) => port.postMessage(message);
}
