/*
 * What the views share: pieces of the page, made from its templates and filled with
 * text only.  Data never becomes an element.
 */
import { say } from './language.js';
import { minuteText } from './times.js';
import { typeOf } from './types.js';
import { eventName, sideOf } from './words.js';

/* For an element with nothing but text.  Keeps its text node: five hundred clocks would make as many new ones each second. */
export function write(element, text) {
  if (element.textContent === String(text))
    return;
  if (element.firstChild)
    element.firstChild.data = text;
  else
    element.textContent = text;
}

/* Texts, by the classes of their elements. */
export function writeAll(root, texts) {
  for (const [name, text] of Object.entries(texts))
    write(root.querySelector(`.${name}`), text);
}

/* Paints in the next animation frame, once; a hidden page gets none, so that paintDue() must be called. */
const due = new Set();

export function later(paint) {
  if (due.size === 0)
    requestAnimationFrame(paintDue);
  due.add(paint);
}

export function paintDue() {
  const now = [...due];
  due.clear();
  now.forEach((paint) => queueMicrotask(paint)); // one that fails keeps none of the others
}

/* For an attribute: one that is set to what it is would cost a look at the styles. */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value))
    element.setAttribute(name, value);
}

export function clone(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

/* As many lines in a list as there are values; paint(line, value, n) */
export function fill(list, values, template, paint) {
  while (list.childElementCount > values.length)
    list.lastElementChild.remove();
  for (const [n, value] of values.entries())
    paint(list.children[n] ?? list.appendChild(clone(template)), value, n);
}

/* The address of another view. */
export function pageAddress(parameters) {
  const query = new URLSearchParams(parameters);
  return query.size > 0 ? `?${query}` : './';
}

/* A parameter of this page's address, which can be bookmarked and shared; the empty text takes it out. */
export function noteInAddress(name, value) {
  const address = new URL(location.href);
  address.searchParams.set(name, value);
  if (value === '')
    address.searchParams.delete(name);
  history.replaceState(history.state, '', address);
}

/* The state of a star; its label says what a click does. */
export function paintStar(button, name, on) {
  const words = on ? say('unstar', { name }) : say('star', { name });
  mark(button, 'aria-pressed', on);
  if (button.title !== words) {
    button.title = words;
    button.setAttribute('aria-label', words);
  }
}

/* A score, which lights up when it rises. */
export function writeScore(element, goals) {
  const more = element.textContent !== '' && goals > Number(element.textContent);
  write(element, goals);
  if (more)
    element.classList.add('moved');
}

/* A highlight is a class with an animation of the same name, and ends with it.  One that runs goes on: restarting it would cost a layout. */
document.addEventListener('animationend', ({ target, animationName }) => target.classList.remove(animationName));

/* [short, in words] of what a row says beside the score. */
function notesOf({ home, away, state, half, aggregate, shootout }) {
  const score = (one) => `${one.home}–${one.away}`;
  return [
    shootout && [say('penaltiesShort', { score: score(shootout) }), say('shootoutSentence', { home, away, homeKicks: shootout.home, awayKicks: shootout.away })],
    aggregate && [say('aggregateShort', { score: score(aggregate) }), say('aggregateScore', { score: score(aggregate) })],
    half && state !== 'upcoming' && [say('halfTimeShort', { score: score(half) }), say('halfTimeScore', { score: score(half) })],
  ].filter(Boolean);
}

/* Notes under or beside a score, such as that of half-time. */
export function paintNotes(element, match) {
  const notes = notesOf(match), text = notes.flat().join('\n');
  if (text === element.dataset.text)
    return;
  element.dataset.text = text;
  element.replaceChildren(...notes.map(([short, words]) => {
    const note = clone('note-template');
    write(note.firstElementChild, short);
    write(note.lastElementChild, words);
    return note;
  }));
}

/* The lines of a match's events.  The type comes first: it is what a reader looks for. */
export function paintEvents(list, template, match, events) {
  fill(list, events, template, (line, { type, time, team, player, replaces, detail, score, voided }) => {
    const { icon, tone, phase, goal } = typeOf(type), side = phase ? 'phase' : team === 'away' ? 'to-away' : 'to-home';
    mark(line, 'class', [line.classList[0], side, tone, voided && 'voided'].filter(Boolean).join(' '));
    mark(line.querySelector('use'), 'href', `#icon-${icon}`);
    writeAll(line, {
      time: minuteText(time), what: eventName(type), who: player, then: goal && score && !voided ? `${score.home}–${score.away}` : '',
      rest: [voided ? say('takenBack') : '', replaces ? say('replaced', { player: replaces }) : '', detail].filter(Boolean).join(' · '),
      whose: phase ? '' : sideOf(match, team),
    });
  });
}
