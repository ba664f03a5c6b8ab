/*
 * What the views share: pieces of the page, made from its templates and filled with
 * text only.  Data never becomes an element.
 */
import { minuteText } from './times.js';
import { typeOf } from './types.js';
import { eventParts } from './words.js';

/* For an element with nothing but text.  Keeps its text node: five hundred clocks would make as many new ones each second. */
export function write(element, text) {
  if (element.textContent === String(text))
    return;
  if (element.firstChild)
    element.firstChild.data = text;
  else
    element.textContent = text;
}

export function clone(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

/* The address of another view, with this page's token. */
export function pageAddress(parameters) {
  const token = new URLSearchParams(location.search).get('token');
  const query = new URLSearchParams({ ...parameters, ...(token === null ? {} : { token }) });
  return query.size > 0 ? `?${query}` : './';
}

/* A score, which lights up when it rises. */
export function writeScore(element, goals) {
  const more = element.textContent !== '' && goals > Number(element.textContent);
  write(element, goals);
  if (more)
    highlight(element, 'moved');
}

/*
 * A highlight is a class with an animation of the same name, and ends with it.  A running
 * animation goes on: restarting it would cost a layout of the whole page.
 */
export function highlight(element, name) {
  element.classList.add(name);
}

document.addEventListener('animationend', ({ target, animationName }) => target.classList.remove(animationName));

/* Whether nothing was played: it is upcoming, or was called off before the start. */
function isUnplayed({ state, clock, score }) {
  return state === 'upcoming' || (state === 'off' && clock === '' && score?.home === 0 && score?.away === 0);
}

export function goalsOf(match, side) {
  return isUnplayed(match) ? '–' : match.score?.[side] ?? '–';
}

/*
 * The lines of a match's events in a list.  A line is created once and kept while
 * its event is shown: only whether it is voided changes.
 */
export class EventLines {
  #list;
  #template;
  #lines = new Map();             // by the event's id in the log

  constructor(list, template) {
    this.#list = list;
    this.#template = template;
  }

  paint(match, events) {
    const lines = new Map(events.map((event) => {
      const key = `${event.id}.${event.place}`;
      return [key, this.#paint(match, event, this.#lines.get(key) ?? this.#make(event))];
    }));
    const wanted = [...lines.values()];
    if (wanted.length !== this.#list.childElementCount || wanted.some((line, at) => this.#list.children[at] !== line))
      this.#list.replaceChildren(...wanted);
    this.#lines = lines;
  }

  #make(event) {
    const line = clone(this.#template);
    const { icon, tone, phase } = typeOf(event.type);
    line.querySelector('use').setAttribute('href', `#icon-${icon}`);
    line.classList.add(...[phase ? 'phase' : event.team === 'away' ? 'to-away' : 'to-home', tone].filter(Boolean));
    write(line.querySelector('.time'), minuteText(event.time));
    write(line.querySelector('.who'), event.player);
    return line;
  }

  #paint(match, event, line) {
    const score = line.querySelector('.then');
    line.classList.toggle('voided', event.voided);
    write(line.querySelector('.what'), eventParts(match, event, !score));
    if (score)
      write(score, typeOf(event.type).goal && event.score && !event.voided ? `${event.score.home}–${event.score.away}` : '');
    return line;
  }
}
