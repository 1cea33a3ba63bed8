import { MORNING, untilTomorrow } from '../clock/index.ts';
import { zoneOf } from '../slack/workspace.ts';
import { stillness } from './answer.ts';
import type { Session } from './session.ts';
import type { Status } from './status.ts';

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };

/** What may follow `clock`: a length such as `2h`, `1d`, or `1w`, `morning`, or nothing. */
export const clockLine = /^(?:\d{1,3}[hdw]|morning)?$/;

/** Makes it later, by a length or to the next day's morning where the person is, and says what time it is. */
export async function clock(session: Session, rest: string): Promise<Status> {
  const { clock, user, print } = session;
  const zone = zoneOf(user);
  if (rest === 'morning') await clock.move(untilTomorrow(MORNING, clock.now(), zone));
  else if (rest !== '') await clock.move(Number(rest.slice(0, -1)) * (UNITS[rest.slice(-1)] ?? 0));
  await stillness(session);
  const time = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
  print([`It is ${time.format(clock.now()).replace('\u202f', ' ')} (${zone}).`]);
  return 0;
}

export const clockWords = ['1h', '1d', '1w', 'morning'];
