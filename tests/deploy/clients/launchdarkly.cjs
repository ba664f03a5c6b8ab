/* npm's launchdarkly-eventsource: an older line of eventsource, with a back-off of its own. */
'use strict';
const { EventSource } = require('launchdarkly-eventsource');
const { url, types, print } = require('./rows.cjs');

const source = new EventSource(url, { initialRetryDelayMillis: 100, errorFilter: () => true });
source.onerror = () => {};        // it throws otherwise
for (const type of types)
  source.addEventListener(type, (event) => print(event.lastEventId, type, event.data));
