/** A day in a calendar. Months are counted from 1. */
export type Day = { year: number; month: number; day: number };

/** Whether this runtime knows the time zone, such as `Europe/Berlin`. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The day that it is in the time zone at this moment, and its day of the week, from 0 for Sunday. */
export function dayIn(zone: string, at: Date): Day & { weekday: number } {
  const { year, month, day } = wallClock(zone, at);
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/**
 * The moment at which clocks in the time zone show this time of this day. If they show it twice, it is the first; if they
 * skip it, it is the moment at which they would show it had they not. A day may be out of its month: the 0th is the day before the first.
 */
export function momentIn(zone: string, { year, month, day }: Day, minutes = 0): Date {
  const wanted = Date.UTC(year, month - 1, day, 0, minutes);
  // The offsets on either side of a change of clocks within a day.
  const offsets = [-1, 1].map((days) => offsetAt(zone, new Date(wanted + days * 86_400_000)));
  const moments = offsets.map((offset) => wanted - offset).toSorted((a, b) => a - b);
  const found = moments.find((moment) => moment + offsetAt(zone, new Date(moment)) === wanted);
  return new Date(found ?? wanted - Math.min(...offsets));
}

/** A moment in words, such as `Monday, November 30, 9:00 AM`, as clocks and calendars in the time zone show it. */
export function timeWords(zone: string, at: Date): string {
  const day = { weekday: 'long', month: 'long', day: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, ...day, hour: 'numeric', minute: '2-digit' }).format(at);
}

/** A day such as `2026-11-20` in words: `Nov 20, 2026`. */
export function dayWords(day: string): string {
  const words = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' });
  return words.format(new Date(`${day}T00:00Z`));
}

/** The day that it is in the time zone at this moment, as ISO 8601 writes it, such as `2026-11-20`. Days can be compared as texts. */
export function isoDayIn(zone: string, at: Date): string {
  if (zone === 'UTC') return at.toISOString().slice(0, 10);
  const { year, month, day } = dayIn(zone, at);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The moment at which a day such as `2026-11-20` ends in the time zone. */
export function endOf(zone: string, isoDay: string): Date {
  const [year = 0, month = 1, day = 1] = isoDay.split('-').map(Number);
  return momentIn(zone, { year, month, day: day + 1 });
}

/** A moment in the time zone to the second, as in ISO 8601: `2026-11-28T22:09:00+01:00`. */
export function isoIn(zone: string, at: Date): string {
  const offset = offsetAt(zone, at);
  const local = new Date(at.getTime() + offset).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, '0'));
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** How far the clocks of the time zone are ahead of UTC, in milliseconds. */
function offsetAt(zone: string, at: Date): number {
  const { year, month, day, hour, minute, second } = wallClock(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
}

/** One for each time zone that was asked for, since to make one takes longer than to use it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const there = formats.get(zone);
  if (there !== undefined) return there;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(zone, format);
  return format;
}

function wallClock(zone: string, at: Date): Day & { hour: number; minute: number; second: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    ...{ year: part('year'), month: part('month'), day: part('day') },
    ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
  };
}
