/*
 * undici's EventSource: the one that Node itself has, behind a flag.  It comes back when a stream
 * ends, but gives up when nobody answers then: a program that is to outlive a restart makes a
 * new one, with the cursor in the address.
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
