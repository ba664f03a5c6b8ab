/*
 * Days of the calendar as text, "2026-11-27".  A match belongs to the day on which it begins where
 * the reader is.
 */
import { localeNow } from './language.js';
import { DAY, dayOf } from './times.js';

const noonOf = (day) => new Date(`${day}T12:00:00Z`);

/* The nth day after a day; '' if that is not one. */
export function dayAfter(day, n) {
  const noon = noonOf(day);
  noon.setUTCDate(noon.getUTCDate() + n);
  return Number.isNaN(noon.getTime()) ? '' : noon.toISOString().slice(0, 10);
}

export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && dayAfter(text, 0) === text;

/* The day of a match, or null.  Without an instant, the date of the place where it is played. */
export function dayOfMatch({ startsAt, localTime }) {
  return startsAt === null ? /^\d{4}-\d\d-\d\d/.exec(localTime)?.[0] ?? null : dayOf(startsAt);
}

/* "+02:00" at that day's noon: for a service that does not know the reader's zone. */
export function offsetOn(day) {
  const minutes = -new Date(`${day}T12:00`).getTimezoneOffset(), two = (n) => String(Math.trunc(n)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/* With the year where it is another. */
function dayText(day, today, form) {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' };
  return noonOf(day).toLocaleDateString(localeNow(), { ...form, ...year, timeZone: 'UTC' });
}

/* "Friday, November 27" */
export const dayTitle = (day, today) => dayText(day, today, { weekday: 'long', day: 'numeric', month: 'long' });

/* "Yesterday", "Today", "Tomorrow", "Sat, Nov 28" */
export function dayName(day, today) {
  const days = [-1, 0, 1].find((n) => dayAfter(today, n) === day);
  const name = days === undefined ? dayText(day, today, DAY) : new Intl.RelativeTimeFormat(localeNow(), { numeric: 'auto' }).format(days, 'day');
  return name.charAt(0).toLocaleUpperCase(localeNow()) + name.slice(1);
}
