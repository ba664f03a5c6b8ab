/*
 * A page's link to its hub: in the worker that all tabs share or, where there
 * is none (or it does not start), in the page itself.
 */
import { Hub } from './hub.js';

const WORKER_MS = 5_000;

/* Calls listener(message) with what the hub tells; returns a function to tell the hub. */
export function link(url, listener) {
  let hear = null;
  const alone = () => {
    const hub = new Hub(url, listener);
    hear = (message) => hub.hear(message);
    hub.start();
  };
  try {
    hear = shared(url, listener, () => alone());
  } catch {
    alone();                      // no SharedWorker here
  }
  return (message) => hear(message);
}

function shared(url, listener, failed) {
  const worker = new SharedWorker(new URL('worker.js', import.meta.url), { name: url, type: 'module' });
  const { port } = worker;
  let state = 'starting';
  const fail = () => {
    if (state !== 'starting')
      return;
    state = 'failed';
    port.close();
    failed();
  };
  worker.addEventListener('error', fail);
  setTimeout(fail, WORKER_MS);
  port.addEventListener('message', ({ data }) => {
    if (state !== 'failed')
      listener(data);
    state = state === 'failed' ? state : 'started';
  });
  port.start();
  port.postMessage('join');
  globalThis.addEventListener('pagehide', () => port.postMessage('leave'));
  globalThis.addEventListener('pageshow', ({ persisted }) => persisted && port.postMessage('join'));
  return (message) => port.postMessage(message);
}
