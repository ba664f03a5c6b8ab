/*
 * The shared worker: one hub, and so one connection, for all tabs of a browser.  Its name is the
 * address of the stream.  A closing tab must say so, since no event reports it.  (When only tabs
 * in the back/forward cache are left, the browser freezes the worker.)
 */
import { Hub } from './hub.js';
import * as memory from './kept.js';

const ports = new Set();
let hub = null;

function tell(message) {
  for (const port of ports)
    port.postMessage(message);
}

function join(port) {
  ports.add(port);
  if (!hub) {
    hub = new Hub(globalThis.name, tell, { memory });
    hub.start();
  }
  port.postMessage(hub.whole());
}

function leave(port) {
  ports.delete(port);
  hub?.left(port);
  if (ports.size > 0)
    return;
  hub?.stop();
  hub = null;
}

globalThis.addEventListener('connect', ({ ports: [port] }) => {
  port.addEventListener('message', ({ data }) => {
    if (data === 'join')
      join(port);
    else if (data === 'leave')
      leave(port);
    else if (data === 'alive')
      port.postMessage(data);
    else
      hub?.hear(data, port);
  });
  port.start();
});
