/* npm's launchdarkly-eventsource: a fork of an old eventsource, with its own back-off. */
'use strict';
const { EventSource } = require('launchdarkly-eventsource');
const { url, types, print } = require('./rows.cjs');

const source = new EventSource(url, { initialRetryDelayMillis: 100, errorFilter: () => true });
source.onerror = () => {};        // without it, it throws
for (const type of types)
  source.addEventListener(type, (event) => print(event.lastEventId, type, event.data));
