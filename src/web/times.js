/*
 * Times and clocks as text: a match's clock between updates, ages, and an instant
 * in the reader's zone and language.
 */
import { lastMinuteOf } from './words.js';

/*
 * "23:15" runs by itself while a half is played, up to its last minute: only updates
 * know the stoppage time.  Other clocks stand still.
 */
export function clockText({ clock, clockAt, status, state }, now) {
  const time = /^(\d{1,3}):([0-5]\d)$/.exec(clock);
  const end = 60 * lastMinuteOf(status);
  const start = time ? 60 * Number(time[1]) + Number(time[2]) : end;
  if (state !== 'live' || clockAt === null || start >= end)
    return state === 'upcoming' ? '' : clock;
  const seconds = Math.min(end, start + Math.max(0, Math.floor((now - clockAt) / 1000)));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function ageWords(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

const TIME = { hour: '2-digit', minute: '2-digit' };
const DAY = { weekday: 'short', day: 'numeric', month: 'short' };

/* "18:30", or "Sat, Nov 28, 18:30" if that is not today. */
export function localTime(instant, now) {
  const date = new Date(instant);
  const today = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(undefined, today ? TIME : { ...DAY, ...TIME });
}

/* A Retry-After field, seconds or an instant, in ms. */
export function delayFrom(field, now) {
  const delay = /^\d+$/.test(field) ? 1000 * Number(field) : Date.parse(field) - now;
  return delay > 0 ? delay : 0;
}

export function zoneName() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
