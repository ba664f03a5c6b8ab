/*
 * The reader's choices and favourites.  They stay in this browser; storage may be forbidden, and
 * then they hold for this visit.  A choice in one tab applies to all.
 */
const PREFIX = 'livescore.';
const KEPT_MAX = 500;             // of a list: the oldest entry goes first
const DEFAULTS = {
  sound: false, notify: false, starredOnly: false, news: ['goal'],
  liveFirst: false, hidden: false, delay: 0, folded: [], starred: [],
};
const values = new Map(), listeners = new Set();

function read(name) {
  const initial = DEFAULTS[name];
  try {
    const value = JSON.parse(localStorage.getItem(PREFIX + name)) ?? initial;
    return typeof value === typeof initial && Array.isArray(value) === Array.isArray(initial) ? value : initial;
  } catch {
    return values.get(name) ?? initial;
  }
}

export function choice(name) {
  if (!values.has(name))
    values.set(name, read(name));
  return values.get(name);
}

export function choose(name, value) {
  values.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // it holds for this visit
  }
  listeners.forEach((call) => call(name));
}

/* Calls call(name) after each change. */
export function onChoice(call) {
  listeners.add(call);
}

/* Adds an entry to a list, or takes it out. */
export function toggle(name, entry) {
  const others = choice(name).filter((one) => one !== entry);
  choose(name, others.length < choice(name).length ? others : [...others, entry].slice(-KEPT_MAX));
}

/* What was chosen on another page; one in the back/forward cache hears nothing of it. */
function renew(names) {
  for (const name of names) {
    values.set(name, read(name));
    listeners.forEach((call) => call(name));
  }
}

globalThis.addEventListener('storage', ({ key }) => renew(Object.keys(DEFAULTS).filter((name) => PREFIX + name === key)));
globalThis.addEventListener('pageshow', ({ persisted }) => renew(persisted ? Object.keys(DEFAULTS) : []));

/* Favourites: "match ID", "team NAME" or "competition NAME". */
export const isStarred = (kind, name) => choice('starred').includes(`${kind} ${name}`);
export const star = (kind, name) => toggle('starred', `${kind} ${name}`);

export function isFavourite({ id, home, away, competition }) {
  return isStarred('match', id) || isStarred('team', home) || isStarred('team', away) || isStarred('competition', competition);
}
