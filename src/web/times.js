/*
 * Times and clocks as text: a match's minute between updates, ages, and an
 * instant in the reader's zone and language.
 */
import { localeNow, say } from './language.js';
import { isBroken, lastMinuteOf } from './types.js';

let ahead = 0;                    // ms by which the server's clock is ahead of the reader's
const minute = (text) => say('minute', { minute: String(text) });

/* The server's time, which created_at and clocks are in, at a moment of the reader's clock. */
export const serverTime = (at) => at + ahead;
export const serverAhead = () => ahead;

export function setServerAhead(ms) {
  ahead = Number.isFinite(ms) ? ms : 0;
}

/* The 24th minute runs from 23:00 on; after the last one, stoppage time counts. */
function minuteAt(seconds, last) {
  const over = seconds - 60 * last;
  return minute(last > 0 && over >= 0 ? `${last}+${Math.floor(over / 60) + 1}` : Math.floor(seconds / 60) + 1);
}

/* "83:10", 83 minutes and 10 seconds, is in the 84th; "83" and "90+4" are minutes.  Other text stays. */
export function minuteText(time, last = 0) {
  const [, minutes, seconds, stoppage] = /^(\d{1,3})(?::([0-5]\d))?(?:\+(\d{1,2})(?::[0-5]\d)?)?['’′]?$/.exec(time) ?? [];
  if (minutes === undefined)
    return time;
  if (stoppage !== undefined)
    return minute(`${Number(minutes)}+${Number(stoppage)}`);
  return seconds === undefined || seconds === '00' && last === 0 ? minute(Math.max(1, Number(minutes))) : minuteAt(60 * minutes + Number(seconds), last);
}

/*
 * "23:15" runs by itself while a half is played, up to its last minute, then "45+": only
 * updates know the stoppage time.  Other clocks stand still; in a break the status says more than a minute.
 * at: now, by the reader's clock.
 */
export function clockText({ clock, clockAt, status, state }, at) {
  const time = /^(\d{1,3}):([0-5]\d)$/.exec(clock), last = lastMinuteOf(status);
  if (state === 'upcoming' || isBroken(status))
    return '';
  if (!time || state !== 'live' || clockAt === null || last === 0 || time[1] >= last)
    return minuteText(clock, state === 'live' ? last : 0);
  const seconds = 60 * time[1] + Number(time[2]) + Math.max(0, Math.floor((serverTime(at) - clockAt) / 1000));
  return seconds < 60 * last ? minuteAt(seconds, last) : minute(`${last}+`);
}

function relativeTime(ms) {
  const seconds = Math.round(ms / 1000), form = new Intl.RelativeTimeFormat(localeNow(), { style: 'short' });
  return Math.abs(seconds) < 60 ? form.format(seconds, 'second') : form.format(Math.trunc(seconds / 60), 'minute');
}

/* "5 sec. ago", "in 2 min.": nothing is before the past or after the future. */
export const ago = (ms) => relativeTime(Math.min(-0, -ms));
export const fromNow = (ms) => relativeTime(Math.max(0, ms));

const TIME = { hour: 'numeric', minute: '2-digit' };
export const DAY = { weekday: 'short', day: 'numeric', month: 'short' };

export const clockTime = (instant) => new Date(instant).toLocaleTimeString(localeNow(), TIME);

/* "2026-11-28": the day of an instant, where the reader is. */
export function dayOf(instant) {
  const day = new Date(instant), two = (n) => String(n).padStart(2, '0');
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/* "18:30", or "Sat, Nov 28, 18:30" if that is not today, with its year if that is another. */
export function localTime(instant, at) {
  const year = dayOf(instant).slice(0, 4) === dayOf(at).slice(0, 4) ? {} : { year: 'numeric' };
  return dayOf(instant) === dayOf(at) ? clockTime(instant) : new Date(instant).toLocaleString(localeNow(), { ...DAY, ...year, ...TIME });
}

/* A Retry-After field, seconds or an instant, in ms. */
export function delayFrom(field, at) {
  const delay = /^\d+$/.test(field) ? 1000 * Number(field) : Date.parse(field) - at;
  return delay > 0 ? delay : 0;
}

export function zoneName() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
