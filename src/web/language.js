/*
 * The reader's language: which one, its words, and numbers as it writes them.  A language is
 * a file in lang/; English is always there, another is loaded if it is wanted.
 */
import en from './lang/en.js';

/* By code, each under its own name. */
export const LANGUAGES = new Map(Object.entries({
  en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', pt: 'Português', ar: 'العربية', ja: '日本語',
}));
const RIGHT_TO_LEFT = new Set(['ar']);
const DIGITS = '-u-nu-latn';      // scores and clocks have these, so all numbers do
const STORED = 'livescore.language';
const ELSEWHERE = 'en-GB';        // how days and times look to readers of English whose browser has another language

function languageFrom(table, code, tag) {
  const locale = tag + DIGITS;
  return { table, code, locale, plurals: new Intl.PluralRules(locale), numbers: new Intl.NumberFormat(locale) };
}

let spoken = languageFrom(en, 'en', 'en');

/* From now on: one that languageFor() gave. */
export function use(language) {
  spoken = language;
}

const codeOf = (tag) => String(tag).toLowerCase().split(/[-_]/)[0];

/*
 * The language for a reader who asked for one, or whose browser prefers these, in
 * order: {code, locale}.  The locale is the browser's own, for the order of a date.
 */
export function choose(asked, preferred) {
  const code = [asked, ...preferred].map(codeOf).find((one) => LANGUAGES.has(one)) ?? 'en';
  const own = preferred.find((tag) => codeOf(tag) === code && /^[a-z]{2}(-[a-z0-9]{2,8}){0,3}$/i.test(tag));
  return { code, locale: own ?? (code === 'en' ? ELSEWHERE : code) };
}

/* The choice of ?lang=, which is remembered, or an earlier one; ?lang=auto forgets it. */
function asked() {
  const wanted = new URLSearchParams(location.search).get('lang');
  try {
    if (wanted === 'auto')
      localStorage.removeItem(STORED);
    else if (wanted !== null && LANGUAGES.has(codeOf(wanted)))
      localStorage.setItem(STORED, codeOf(wanted));
    return wanted ?? localStorage.getItem(STORED);
  } catch {
    return wanted;                // no storage: the choice holds for this address
  }
}

/* Loads a language.  If its file can't be had, it is the one that is spoken. */
export async function languageFor({ code, locale }, load = (file) => import(`./lang/${file}`)) {
  try {
    return languageFrom(code === 'en' ? en : (await load(`${code}.js`)).default, code, locale);
  } catch (error) {
    console.warn(`lang/${code}.js: ${error.message}`);
    return spoken;
  }
}

/* Makes the page speak the reader's language.  Await it before anything is painted. */
export async function speak() {
  use(await languageFor(choose(asked(), navigator.languages ?? [])));
  document.documentElement.lang = spoken.code;
  document.documentElement.dir = direction();
  if (spoken.code !== 'en')
    translate(document);
}

/* The words that are written in the page, in English, with the key that they have here. */
function translate(root) {
  for (const element of root.querySelectorAll('[data-say]'))
    element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll('[data-say-label]')) {
    element.setAttribute('aria-label', say(element.dataset.sayLabel));
    if (element.title)
      element.title = say(element.dataset.sayLabel);
  }
  for (const element of root.querySelectorAll('[data-say-placeholder]'))
    element.placeholder = say(element.dataset.sayPlaceholder);
  root.querySelectorAll('template').forEach(({ content }) => translate(content));
}

/* For Intl. */
export const localeNow = () => spoken.locale;
export const languageNow = () => spoken.code;
export const direction = () => (RIGHT_TO_LEFT.has(spoken.code) ? 'rtl' : 'ltr');
export const number = (n) => spoken.numbers.format(n);

/* A name between others keeps its own direction; a score has that of the page. */
const isolated = (text) => (direction() === 'rtl' && /\p{L}/u.test(text) ? `\u2068${text}\u2069` : text);

/*
 * The words of a key: say('redCards', { n: 2 }).  {n} chooses the plural form; numbers are
 * written as the language writes them, other values are inserted as they are.
 */
export function say(key, values = {}) {
  const words = spoken.table.words[key];
  const text = typeof words === 'string' ? words : words[spoken.plurals.select(values.n)] ?? words.other;
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => (typeof values[name] === 'number' ? number(values[name]) : isolated(values[name])));
}

/* The words of one of the language's lists (events, statuses, statisticNames), or undefined. */
export function sayOf(list, key) {
  return Object.hasOwn(spoken.table[list], key) ? spoken.table[list][key] : undefined;
}
