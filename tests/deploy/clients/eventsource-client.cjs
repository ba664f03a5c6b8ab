/* npm's eventsource-client: not the browsers' interface, but one function for all types. */
'use strict';
const { createEventSource } = require('eventsource-client');
const { url, print } = require('./rows.cjs');

createEventSource({ url, onMessage: ({ id, event, data }) => print(id, event ?? 'message', data) });
