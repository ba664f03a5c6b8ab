/* npm's eventsource: what most programs in Node use. */
'use strict';
const { EventSource } = require('eventsource');
const { url, types, print } = require('./rows.cjs');

const source = new EventSource(url);
for (const type of types)
  source.addEventListener(type, (event) => print(event.lastEventId, type, event.data));
