// What an open page announces for each load of a document.  Arguments: files of rows, one per line, as in the stream;
// the first has the rows from before the page was opened.  Prints the sentences, and a line with a dash after each file.
import { readFileSync } from 'node:fs';
import { Board } from './state.js';
import { newsSentence, scoreSentence } from './words.js';

const [first, ...loads] = process.argv.slice(2);
const rows = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const board = new Board();
rows(first).forEach((row) => board.take(row));
board.drain();
for (const file of loads) {
  rows(file).forEach((row) => board.take(row, { heardAt: 1, news: true }));
  for (const { id, event, kind } of board.drain().news.filter((one) => ['goal', 'corrected', 'voided'].includes(one.kind))) {
    const match = board.matches.get(id);
    console.log(event ? newsSentence(match, event, kind) : `${kind}: ${scoreSentence(match)}`);
  }
  console.log('-');
}
