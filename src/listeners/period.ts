import { WEEKDAYS } from '../schedule.ts';
import { type Day, dayIn, momentIn } from '../zone.ts';

/** From when on somebody wants to know the changes, and how the period is called after `3 changes`. */
export type AskedPeriod = { since: Date; words: string };

/**
 * The period that a person typed, in the person's time zone: `today`, `yesterday`, `this week`, `since Monday`, or
 * `since 2026-11-20`. The word `since` may be left out. Undefined if it is none of these.
 */
export function parsePeriod(typed: string, zone: string, now: Date): AskedPeriod | undefined {
  const words = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  const name = words.startsWith('since ') ? words.slice('since '.length) : words;
  const today = dayIn(zone, now);
  const since = (daysAgo: number) => momentIn(zone, { ...today, day: today.day - daysAgo });
  if (name === 'today') return { since: since(0), words: 'today' };
  if (name === 'yesterday') return { since: since(1), words: 'since yesterday' };
  if (words === 'this week') return { since: since((today.weekday + 6) % 7), words: 'this week' };
  const weekday = WEEKDAYS.find((day) => name.length >= 3 && day.toLowerCase().startsWith(name));
  if (weekday !== undefined) {
    // On a Monday, `since Monday` means a week ago, since today has a word of its own.
    const daysAgo = (today.weekday - WEEKDAYS.indexOf(weekday) + 7) % 7 || 7;
    return { since: since(daysAgo), words: `since ${weekday}` };
  }
  const day = dayOf(name);
  return day === undefined ? undefined : { since: momentIn(zone, day), words: `since ${name}` };
}

function dayOf(text: string): Day | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const given = { year: Number(year), month: Number(month), day: Number(day) };
  const date = new Date(Date.UTC(given.year, given.month - 1, given.day));
  const isReal = date.getUTCMonth() + 1 === given.month && date.getUTCDate() === given.day && given.year > 0;
  return isReal ? given : undefined;
}
