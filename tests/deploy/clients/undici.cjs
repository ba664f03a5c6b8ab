/*
 * undici's EventSource, which Node has behind a flag.  It reconnects when a stream ends, but gives
 * up if the server does not answer then: a program that outlives a restart must create a new one,
 * with the cursor in the address.
 */
'use strict';
const { EventSource } = require('undici');
const { url, types, print } = require('./rows.cjs');

let last = 0, source;

function open() {
  source = new EventSource(`${url}&lastEventId=${last}`);
  for (const type of types)
    source.addEventListener(type, (event) => {
      last = event.lastEventId;
      print(event.lastEventId, type, event.data);
    });
}

open();
setInterval(() => source.readyState === EventSource.CLOSED && open(), 200);
