import { moveDatabaseClock, openDatabaseClock } from './database.ts';

/** The time in the sandbox. It runs by itself, and people can move it ahead. */
export type SandboxClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** How far it is ahead of the machine's clock, in milliseconds. */
  readonly aheadMs: number;
  /**
   * Moves the time ahead for Slack, Jira, Maro, and its database; settles when all of them have it.
   * @throws a sentence when `ms` is not between a millisecond and a week.
   */
  move(ms: number): Promise<void>;
};

/** The hour at which most people's digests come. */
export const MORNING = 9;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Maro's jobs catch up minute by minute, so a longer move keeps it busy for minutes. */
const FARTHEST_MS = 7 * DAY_MS;

/** Whoever else has a clock. It is told how far the sandbox's clock is ahead, and settles when it has that time. */
type Follower = (aheadMs: number) => void | Promise<void>;

/** A clock that shows the machine's time until it is tied to the database, which knows how far earlier runs have moved it. */
export function createSandboxClock(): SandboxClock & {
  tie(databaseUrl: string): Promise<void>;
  follow(follower: Follower): void;
} {
  let aheadMs = 0;
  let database = '';
  const followers: Follower[] = [];
  return {
    now: () => Date.now() + aheadMs,
    get aheadMs() {
      return aheadMs;
    },
    async tie(databaseUrl) {
      database = databaseUrl;
      aheadMs = await openDatabaseClock(databaseUrl);
    },
    follow: (follower) => void followers.push(follower),
    async move(ms) {
      if (!(ms >= 1 && ms <= FARTHEST_MS)) throw new Error('The clock only moves ahead, by a week at most.');
      aheadMs = Math.max(aheadMs, await moveDatabaseClock(database, ms));
      for (const follower of followers) await follower(aheadMs);
    },
  };
}

/** Milliseconds from `now` to the next day's `hour` o'clock in a time zone. */
export function untilTomorrow(hour: number, now: number, zone: string): number {
  const guess = now + DAY_MS - sinceMidnight(now, zone) + hour * HOUR_MS;
  // A day on which clocks change is an hour longer or shorter.
  return guess + hour * HOUR_MS - sinceMidnight(guess, zone) - now;
}

function sinceMidnight(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(at);
  const [hours = 0, minutes = 0, seconds = 0] = parts
    .filter(({ type }) => type !== 'literal')
    .map((p) => Number(p.value));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + (at % 1000);
}
