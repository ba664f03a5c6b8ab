/* What the clients that run in Node have in common: they print each row that they get, as
 * "ID TYPE DATA", with a newline in the data as \n.  The types are told to each, as EventSource
 * needs it. */
'use strict';

exports.url = process.argv[2];
exports.types = ['message', 'goal', 'var'];
exports.print = (id, type, data) => process.stdout.write(`${id} ${type} ${data.replaceAll('\n', '\\n')}\n`);
