/*
 * The tables and the scorers of a competition, as they stand now: matches in play count as if they
 * ended like this.
 */
import { choice, isStarred, onChoice } from './choices.js';
import { clone, fill, pageAddress, write, writeAll } from './dom.js';
import { number, say } from './language.js';
import { ask } from './server.js';
import { held } from './spoilers.js';

const AGAIN_MS = 3_000;           // between two requests, at least

const at = (element, selector) => element.querySelector(selector);
const signed = (n) => (n > 0 ? `+${number(n)}` : number(n).replace('-', '−'));

function paintTeam(line, row) {
  const { team, place, was, played, won, drawn, lost, goals_for: scored, goals_against: conceded, difference, points, live } = row;
  const moved = Number.isInteger(was) ? was - place : 0, arrow = at(line, '.arrow');
  arrow.dataset.way = moved > 0 ? 'up' : moved < 0 ? 'down' : '';
  write(arrow.lastElementChild, moved > 0 ? say('up', { n: moved }) : moved < 0 ? say('down', { n: -moved }) : '');
  line.classList.toggle('live', live === true);
  line.classList.toggle('mine', isStarred('team', team));
  writeAll(line, {
    place: number(place), team, played: number(played), won: number(won), drawn: number(drawn), lost: number(lost),
    goals: `${scored}:${conceded}`, difference: signed(difference), points: number(points),
  });
}

function paintScorer(line, { place, player, team, goals, penalties }) {
  writeAll(line, { place: number(place), player, team: team ?? '', goals: number(goals), penalties: number(penalties) });
}

export class TablesView {
  element = clone('tables-template');
  #asked = null;                  // {competition, season, group}
  #isScorers = false;
  #timer = null;
  #loads = 0;
  #touched = false;
  #learn = held(({ asked, answer }) => asked === this.#asked && this.#paint(answer));

  constructor() {
    at(this.element, '.reveal').addEventListener('click', () => {
      this.#touched = true;
      this.#load();
      document.getElementById('view').focus({ preventScroll: true });    // the button is gone
    });
    onChoice((name) => name === 'hidden' && this.#asked && this.#load());
  }

  open(parameters) {
    this.#isScorers = parameters.has('scorers');
    const asked = { competition: parameters.get(this.#isScorers ? 'scorers' : 'table'), season: parameters.get('season'), group: parameters.get('group') };
    const others = Object.fromEntries(Object.entries({ season: asked.season, group: asked.group }).filter(([, value]) => value));
    this.#asked = asked;
    write(at(this.element, '.competition'), [asked.competition, asked.season].filter(Boolean).join(' '));
    at(this.element, '.to-table').href = pageAddress({ table: asked.competition, ...others });
    at(this.element, '.to-scorers').href = pageAddress({ scorers: asked.competition, ...others });
    at(this.element, '.back').href = pageAddress({});
    for (const [name, isHere] of [['.to-table', !this.#isScorers], ['.to-scorers', this.#isScorers]])
      at(this.element, name).setAttribute('aria-current', isHere ? 'page' : 'false');
    at(this.element, '.tables').replaceChildren();
    this.#lack(choice('delay') > 0 ? say('delayed', { n: choice('delay') }) : '');
    this.#touched = false;
    this.#load();
  }

  close() {
    this.#loads += 1;
    clearTimeout(this.#timer);
    this.#timer = this.#asked = null;
  }

  admits({ competition }) {
    return competition === this.#asked.competition;
  }

  /* A match of the competition has changed: the table may have, too. */
  show(matches, whole) {
    if (whole || matches.some((match) => this.admits(match)))
      this.#timer ??= setTimeout(() => this.#load(), AGAIN_MS);
  }

  async #load() {
    const load = this.#loads += 1, hides = choice('hidden') && !this.#touched, asked = this.#asked;
    clearTimeout(this.#timer);
    this.#timer = null;
    at(this.element, '.reveal').hidden = !hides;
    at(this.element, '.tables').hidden = hides;
    const answer = await ask(this.#isScorers ? 'scorers' : 'tables', asked);
    if (load !== this.#loads)
      return;
    document.getElementById('static')?.remove();
    if (answer !== null)
      this.#learn({ asked, answer });
    else if (at(this.element, '.tables').childElementCount === 0)
      this.#lack(say('waiting'));
  }

  /* Why there is no table; '': there is one. */
  #lack(why) {
    write(at(this.element, '.none'), why);
    at(this.element, '.none').hidden = why === '';
  }

  #paint({ tables = [], scorers = [] }) {
    const shown = scorers.length > 0 ? [{ ...scorers[0], group: this.#asked.group, rows: scorers }] : tables;
    this.#lack(shown.length > 0 ? '' : say(this.#isScorers ? 'noScorers' : 'noTable'));
    fill(at(this.element, '.tables'), shown, this.#isScorers ? 'scorers-template' : 'table-template', (element, { season, group, rows }) => {
      write(at(element, 'caption'), [this.#asked.season ? '' : season, group].filter(Boolean).join(' · '));
      fill(at(element, 'tbody'), rows, this.#isScorers ? 'scorer-template' : 'place-template', this.#isScorers ? paintScorer : paintTeam);
    });
  }
}
