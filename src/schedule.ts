import { dayIn, momentIn } from './zone.ts';

/** The days of the week, from Sunday, which is 0. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Every day at a time, or once a week: `weekday` is counted from Sunday, which is 0. */
export type Schedule = {
  /** A time zone, such as `Europe/Berlin`. */
  zone: string;
  /** Undefined: every day. */
  weekday: number | undefined;
  /** Minutes after midnight, as clocks in the zone show it. */
  minutes: number;
};

/**
 * The first time of the schedule after a moment. On a day on which clocks skip it, it is the moment at which they would show it
 * had they not; on a day on which they show it twice, it is the first of the two.
 */
export function nextTime({ zone, weekday, minutes }: Schedule, after: Date): Date {
  const today = dayIn(zone, after);
  const first = weekday === undefined ? 0 : (weekday - today.weekday + 7) % 7;
  const on = (days: number) => momentIn(zone, { ...today, day: today.day + days }, minutes);
  const next = on(first);
  return next > after ? next : on(first + (weekday === undefined ? 1 : 7));
}
