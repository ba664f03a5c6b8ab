/* Shared by the clients in Node: prints each row as "ID TYPE DATA", with a newline in the data
 * as \n.  Lists the types, which EventSource needs. */
'use strict';

exports.url = process.argv[2];
exports.types = ['message', 'goal', 'var'];
exports.print = (id, type, data) => process.stdout.write(`${id} ${type} ${data.replaceAll('\n', '\\n')}\n`);
