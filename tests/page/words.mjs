// The page's languages and times, without a page.  words.t runs it, with the folder of the page's
// sources; it prints TAP.
import { readdirSync, readFileSync } from 'node:fs';
import { LANGUAGES, choose, direction, languageFor, languageNow, localeNow, say, use } from './language.js';
import { dayName } from './days.js';
import { ago, clockText, clockTime, dayOf, fromNow, localTime, minuteText } from './times.js';
import { STATUSES } from './statuses.js';
import { typeOf } from './types.js';
import { eventName, newsSentence, statusName } from './words.js';
import { is, plan } from './tap.mjs';

const folder = process.argv[2];
const tables = new Map(await Promise.all([...LANGUAGES.keys()].map(async (code) => [code, (await import(`./lang/${code}.js`)).default])));
const flat = (table) => new Map(Object.entries(table).flatMap(([list, words]) => Object.entries(words).map(([key, text]) => [`${list}.${key}`, text])));
const english = flat(tables.get('en'));
const placeholders = (text) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort().join('');
const plain = (text) => text.replaceAll(/[\u202f\u00a0]/g, ' ');

// The tables.
is(readdirSync(`${folder}/lang`).map((file) => file.replace('.js', '')).sort(), [...LANGUAGES.keys()].sort(), 'each file of a language is in the list of languages');
is(readFileSync(`${folder}/early.js`, 'utf8').match(/'([a-z ]+)'\.split/)[1].split(' ').sort(), [...LANGUAGES.keys()].sort(), 'the script before the first paint knows the same languages');
is(readFileSync(`${folder}/early.js`, 'utf8').match(/\[('debug'[^\]]*)\]/)[1].match(/\w+/g).sort(), [...readFileSync(`${folder}/main.js`, 'utf8').match(/new Router\(([^]*?)\n  \}\);/)[1].matchAll(/(\w+): (?:async|tables)/g)].map(([, name]) => name).sort(),
  'the script before the first paint knows the same views');
for (const [code, table] of tables) {
  const words = flat(table), forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  is([...english.keys()].filter((key) => !words.has(key)), [], `${code} has a word for each key`);
  is([...words.keys()].filter((key) => !english.has(key)), [], `${code} has no key that English has not`);
  is([...words].filter(([key, text]) => placeholders(text) !== placeholders(english.get(key) ?? '')).map(([key]) => key), [], `${code} has the placeholders of English`);
  is([...words].filter(([key, text]) => (typeof text === 'object') !== (typeof english.get(key) === 'object')).map(([key]) => key), [], `${code} has plural forms where English has`);
  // "many" of French, Spanish and Portuguese is for millions: there the other form will do.
  is([...words].filter(([, text]) => typeof text === 'object' && forms.some((form) => !(form in text) && !(form === 'many' && code !== 'ar'))).map(([key]) => key), [],
    `${code} has all its plural forms`);
  is([...words].filter(([, text]) => !JSON.stringify(text).match(/[^"\s]/) || /\s"|"\s/.test(JSON.stringify(text))).map(([key]) => key), [], `${code} has no empty word and none with a space at its end`);
}
is([...STATUSES].map(([word, [state, event]]) => event ?? state).filter((key) => !english.has(`statuses.${key}`)), [], 'each status of the schema has words');
is([...STATUSES].map(([, [, event]]) => event).filter((event) => event !== null && (!english.has(`events.${event}`) || typeOf(event).icon === 'dot')), [], 'each event of a status has words and a picture');
is([...english.keys()].filter((key) => key.startsWith('events.') && typeOf(key.slice(7)).icon === 'dot'), [], 'each named type of event has a picture');
{
  const drawn = readFileSync(`${folder}/templates.html`, 'utf8');
  is([...english.keys()].filter((key) => key.startsWith('events.') && !drawn.includes(`<symbol id="icon-${typeOf(key.slice(7)).icon}"`)), [], 'the picture of each named type of event is drawn');
}

// The page's own words.
{
  const page = ['index', 'templates', '401', '403', '404', '429', '503'].map((name) => readFileSync(`${folder}/${name}.html`, 'utf8')).join('');
  const said = [...page.matchAll(/data-say(-label|-placeholder)?="(\w+)"/g)].map(([, , key]) => key);
  is(said.filter((key) => typeof tables.get('en').words[key] !== 'string'), [], 'each word of the page has its key in the table');
  const texts = [...page.matchAll(/<(\w+)(?=[^>]*\sdata-say="(\w+)")[^>]*>([^<]*)<\/\1>/g)];
  is(texts.length, [...page.matchAll(/data-say="/g)].length, 'an element whose words are in the table has nothing else');
  is(texts.filter(([, , key, text]) => text !== tables.get('en').words[key]).map(([, , key]) => key), [], 'the words in the page are those of the table');
  const attributes = [...page.matchAll(/<[^>]*data-say-(label|placeholder)="(\w+)"[^>]*>/g)];
  is(attributes.filter(([tag, kind, key]) => !tag.includes(`${kind === 'label' ? 'aria-label' : kind}="${tables.get('en').words[key]}"`)).map(([, , key]) => key), [],
    'the labels in the page are those of the table');
}

{
  const used = readdirSync(folder).filter((file) => /\.(js|html)$/.test(file)).map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('');
  const said = [/\bsay\(([^()]*)/g, /data-say[\w-]*=("\w+")/g, /WORDS = \{(.*)\}/g].flatMap((form) => [...used.matchAll(form)].map(([, keys]) => keys)).join();
  is(Object.keys(tables.get('en').words).filter((key) => !said.includes(`'${key}'`) && !said.includes(`"${key}"`)), [], 'each word of the table is used');
  is([...used.matchAll(/\bsay\('(\w+)'/g)].map(([, key]) => key).filter((key) => !(key in tables.get('en').words)), [], 'each word that is used is in the table');
}

// The choice.
is([choose(null, ['de-AT', 'en']), choose('ja', ['de-AT', 'en']), choose(null, ['sv', 'pt-PT']), choose('xx', ['fr'])].map(({ code, locale }) => `${code} ${locale}`),
  ['de de-AT', 'ja ja', 'pt pt-PT', 'fr fr'], 'a reader gets what is asked for, or what the browser prefers');
is([choose(null, ['sv']), choose('__proto__', []), choose('de_x-!', ['de-'])].map(({ code, locale }) => `${code} ${locale}`), ['en en-GB', 'en en-GB', 'de de'],
  'a reader of another language gets English, and nonsense does no harm');

// English.
is([say('redCards', { n: 1 }), say('redCards', { n: 1200 }), say('halfTimeScore', { score: '1–0' })], ['1 red card', '1,200 red cards', 'Half-time 1–0'], 'words have their plural and their values');
is(say('takenBackNews', { what: '{what} $& {n}' }), 'Taken back: {what} $& {n}', 'a value is inserted as it is');
is(['First Half', 'HT', 'aet', 'pens', 'ET break', 'PST', 'in play', '', 'Kanonslag', 'constructor'].map(statusName),
  ['First half', 'Half-time', 'After extra time', 'After penalties', 'Break', 'Postponed', 'In play', 'In play', 'Kanonslag', 'constructor'], 'a status has the words of its meaning, an unknown one those it was sent with');
is(['own-goal', 'bicycle-kick', 'constructor'].map(eventName), ['Own goal', 'bicycle kick', 'constructor'], 'an event of an unknown type has the name of its type');

// Clocks.
const clock = (text, status, seconds, state = 'live') => clockText({ clock: text, clockAt: 0, status, state }, seconds * 1000);
is(['23:15', '0:07', '83', '7\'', '90+4', '45+2:31', '90+3′', '120:00', 'HT', '', '<b>'].map((time) => minuteText(time)), ['24′', '1′', '83′', '7′', '90+4′', '45+2′', '90+3′', '120′', 'HT', '', '<b>'],
  'a time is shown as the minute that people say');
is([clock('23:15', 'First Half', 0), clock('23:15', 'First Half', 50)], ['24′', '25′'], 'a clock goes on between updates');
is([clock('44:50', '1st half', 5), clock('44:50', '1st half', 600)], ['45′', '45+′'], 'a clock goes on up to the last minute of the first half, and then is in stoppage time');
is([clock('89:59', 'Second Half', 0), clock('89:59', 'Second Half', 1)], ['90′', '90+′'], 'a clock goes on up to the last minute of the second half');
is([clock('46:10', 'First Half', 600), clock('90:00', 'Second Half', 9), clock('106:00', 'ET1', 9)], ['45+2′', '90+1′', '105+2′'], 'a clock past the half stands, in stoppage time');
is([clock('45+2', 'First Half', 9), clock('63:10', 'Kanonslag', 9), clock('7\'', 'First Half', 90)], ['45+2′', '64′', '7′'], 'a clock stands in stoppage time, in an unknown status, and where it has no seconds');
is(['Half Time', 'ET break', 'Penalty Shootout', 'Suspended'].map((status) => clock('45+2', status, 9)), ['', '', '', ''], 'there is no minute while the ball rests: the status says more');
is(clock('23:15', 'First Half', -500), '24′', 'a clock does not go back');
is([clock('90:00', 'Full Time', 9, 'finished'), clock('0:00', 'Scheduled', 9, 'upcoming')], ['90′', ''], 'a match that is over keeps its last minute, one to come has none');

// Ages, days and instants, in Tokyo.
const NOON = Date.parse('2026-11-22T12:00:00Z');
is([ago(-5), ago(59_400), ago(60_000), fromNow(3_600_000), fromNow(-9)], ['0 sec. ago', '59 sec. ago', '1 min. ago', 'in 60 min.', 'in 0 sec.'], 'an age is in seconds, then in minutes');
is([dayOf(NOON), dayOf(Date.parse('2026-11-22T15:00:00Z'))], ['2026-11-22', '2026-11-23'], 'a day begins where the reader is');
is(['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24', '2027-01-01'].map((day) => plain(dayName(day, '2026-11-22'))), ['Yesterday', 'Today', 'Tomorrow', 'Tue, Nov 24', 'Fri, Jan 1, 2027'],
  'near days have names, others their date');
is([localTime(NOON, NOON), localTime(Date.parse('2026-11-22T21:30:00Z'), NOON), localTime(Date.parse('2022-12-18T15:00:00Z'), NOON)].map(plain), ['9:00 PM', 'Mon, Nov 23, 6:30 AM', 'Mon, Dec 19, 2022, 12:00 AM'],
   'an instant is shown in the zone of the reader, with its day and its year if these differ');

// Other languages.
const goal = [{ home: 'Ajax', away: 'PSV', score: { home: 1, away: 0 } }, { type: 'penalty', team: 'home', player: 'Berghuis' }];
is(newsSentence(...goal, 'voided'), 'Taken back: Penalty scored for Ajax, Berghuis. Ajax 1, PSV 0.', 'news is a sentence');
is([newsSentence(goal[0], null, 'goal'), newsSentence(goal[0], null, 'corrected')], ['Goal. Ajax 1, PSV 0.', 'Corrected. Ajax 1, PSV 0.'], 'a score that changed without an event is a sentence');
is(newsSentence(goal[0], { type: 'own-goal', team: 'home', player: 'Til' }, 'goal'), 'Goal (Own goal) for Ajax, Til. Ajax 1, PSV 0.', 'an own goal counts for the other side');
use(await languageFor(choose('de', ['de-AT'])));
is([newsSentence(...goal, 'voided'), statusName('HT'), say('viewers', { n: 1234 }), plain(ago(5000)), dayName('2026-11-21', '2026-11-22'), clockTime(NOON), languageNow(), direction()],
  ['Zurückgenommen: Elfmeter verwandelt für Ajax, Berghuis. Ajax 1, PSV 0.', 'Halbzeit', '1\u00a0234 Zuschauer', 'vor 5 Sek.', 'Gestern', '21:00', 'de', 'ltr'], 'German has its words, numbers and times');
use(await languageFor(choose('ar', ['ar-EG'])));
is([1, 2, 3, 11, 100].map((n) => say('viewers', { n })), ['مشاهد واحد', 'مشاهدان', '3 مشاهدين', '11 مشاهدًا', '100 مشاهد'], 'Arabic has six forms of a plural, and the digits of scores');
is([say('goalFor', { what: 'هدف', team: 'Ajax (1)' }), direction(), clock('23:15', 'First Half', 0)], ['\u2068هدف\u2069 لـ\u2068Ajax (1)\u2069', 'rtl', '24′'], 'a name in a sentence from right to left keeps its own direction');
is(say('halfTimeShort', { score: '2–1' }), 'الشوط الأول 2–1', 'a score has the direction of the page: the home side comes first');
use(await languageFor({ code: 'zz', locale: 'zz' }));
is([languageNow(), localeNow()], ['ar', 'ar-EG-u-nu-latn'], 'a language whose file cannot be loaded changes nothing');

plan();
