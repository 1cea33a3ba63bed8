import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type postgres from 'postgres';
import type { IssueChange } from '../../../src/change.ts';
import type { Since } from '../../../src/tracker/changes.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { openWire } from '../../wire.ts';
import { connect, issue, knowledge, listing, makeDatabase, open, tracking, withQuery } from './example.ts';

const MINUTE = 1_000_000;
const USERS = ['U1', 'U2'];
const CHANNELS = ['C1', 'C1', 'C2'];

/** What happened, told by hand. A moment is a number: a minute has a million of them, and each act one. */
class Replay {
  clock = 1e12;
  readonly tracked = new Map<string, { added: number; by: string }>();
  untracked: { place: string; at: number; by: string; operation: string; added: { added: number; by: string } }[] = [];
  readonly changes: { n: number; at: number }[] = [];
  readonly visits = new Map<string, { since: number | undefined; seen: number }>();

  visit(channel: string, user: string): { since: number; isFirst: boolean } {
    const name = `${channel} ${user}`;
    const visit = this.visits.get(name);
    const last = visit === undefined ? undefined : this.clock - visit.seen > 30 * MINUTE ? visit.seen : visit.since;
    if (visit === undefined || this.clock - visit.seen > MINUTE)
      this.visits.set(name, { since: last, seen: this.clock });
    return { since: last ?? this.clock - 7 * 24 * 60 * MINUTE, isFirst: last === undefined };
  }

  since(channel: string, since: number, but?: string): string[] {
    const of = (place: string) => place.startsWith(`${channel} `);
    const number = (place: string) => Number(place.split(' ')[1]);
    const tracked = [...this.tracked].filter(([place]) => of(place));
    return [
      ...tracked.flatMap(([place, { added }]) =>
        this.changes
          .filter(({ n, at }) => n === number(place) && at > Math.max(since, added))
          .map(({ n }) => `comment ${n}`),
      ),
      ...tracked
        .filter(([, { added, by }]) => added > since && by !== but)
        .map(([place]) => `tracked ${number(place)}`),
      ...this.untracked
        .filter(({ place, at, by }) => of(place) && at > since && by !== but && !this.tracked.has(place))
        .map(({ place }) => `untracked ${number(place)}`),
    ].sort();
  }
}

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const act = fc.oneof(
  ...(['track', 'untrack', 'visit', 'look back'] as const).map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      n: fc.integer({ min: 1, max: 2 }),
      channel: fc.constantFrom(...CHANNELS),
      user: fc.constantFrom(...USERS),
    }),
  ),
  fc.record({ kind: fc.constant('change' as const), n: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('undo' as const) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(2, 20, 45, 24 * 60) }),
);

/** An act of the first person on the first issue in the first channel. */
function of(kind: string): Act {
  return kind === 'undo' ? { kind } : ({ kind, n: 1, channel: 'C1', user: 'U1' } as Act);
}

describe('changes of a channel', () => {
  let sql: postgres.Sql;
  let tracker: Tracker;
  let url: string;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });

  const comment = (n: number, changes: Partial<IssueChange> = {}): IssueChange => ({
    ...{ issueId: String(10_000 + n), id: `comment ${randomUUID()}`, what: 'comment', at: new Date() },
    ...{
      author: { id: 'a', name: 'Ada' },
      from: undefined,
      to: undefined,
      fromCategory: undefined,
      toCategory: undefined,
    },
    byMaro: false,
    ...changes,
  });

  /** Makes everything that is stored of a tenant so much older. */
  async function wait(tenant: string, minutes: number): Promise<void> {
    const older = sql`make_interval(mins => ${minutes})`;
    await sql`update tracked_issues set added_at = added_at - ${older}, tracked_at = tracked_at - ${older} where tenant_id = ${tenant}`;
    await sql`update untracked_issues set added_at = added_at - ${older}, untracked_at = untracked_at - ${older} where tenant_id = ${tenant}`;
    await sql`update issue_changes set changed_at = changed_at - ${older} where tenant_id = ${tenant}`;
    await sql`update visits set seen_at = seen_at - ${older}, since_at = since_at - ${older} where tenant_id = ${tenant}`;
    await sql`update jira_issues set changes_since = changes_since - ${older} where tenant_id = ${tenant}`;
  }

  test('are those that a replay of all that happened has, whoever asks, and whenever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
        const tenant = `T-${randomUUID()}`;
        const replay = new Replay();
        const asked = async (channel: string, since: Since) => {
          const found = await tracker.changes({ tenant, channel, since, projects: [], limit: 1_000 });
          const words = found.changes.map(({ what, key }) => `${what} ${key.split('-')[1]}`).sort();
          assert.equal(found.total, words.length);
          return { words, isFirst: found.isFirst };
        };
        for (const each of acts) {
          // Dates have whole milliseconds, so acts within one would have no order.
          await sleep(2);
          replay.clock += 1;
          if (each.kind === 'wait') {
            replay.clock += each.minutes * MINUTE;
            await wait(tenant, each.minutes);
          } else if (each.kind === 'change') {
            await tracker.update(knowledge([], { tenant, changes: [comment(each.n)], from: { kind: 'history' } }));
            const isKnown = (place: string) => place.endsWith(` ${each.n}`);
            const places = [...replay.tracked.keys(), ...replay.untracked.map(({ place }) => place)];
            if (places.some(isKnown)) replay.changes.push({ n: each.n, at: replay.clock });
          } else if (each.kind === 'undo') {
            const last = replay.untracked.at(-1);
            if (last === undefined) continue;
            const [channel = ''] = last.place.split(' ');
            const restoring = { tenant, channel, untrackedIn: last.operation, operation: randomUUID() };
            await tracker.restore(restoring);
            replay.untracked = replay.untracked.slice(0, -1);
            if (!replay.tracked.has(last.place)) replay.tracked.set(last.place, last.added);
          } else {
            const { kind, n, channel, user } = each;
            const place = `${channel} ${n}`;
            if (kind === 'track') {
              await tracker.track(tracking([issue(n)], { tenant, channel, by: user }));
              if (!replay.tracked.has(place)) replay.tracked.set(place, { added: replay.clock, by: user });
            } else if (kind === 'untrack') {
              const operation = randomUUID();
              const which = { keys: [`PLAT-${n}`] };
              await tracker.untrack({ tenant, channel, which, operation, by: user });
              const added = replay.tracked.get(place);
              if (added === undefined) continue;
              replay.tracked.delete(place);
              replay.untracked.push({ place, at: replay.clock, by: user, operation, added });
            } else if (kind === 'visit') {
              const { since, isFirst } = replay.visit(channel, user);
              const expected = { words: replay.since(channel, since, user), isFirst };
              assert.deepEqual(await asked(channel, { kind: 'visit', user }), expected);
              const visit = { user, projects: [] };
              const { news } = await tracker.list(listing({ tenant, channel, visit }));
              assert.equal(news?.count, isFirst ? undefined : expected.words.length);
            } else {
              const at = new Date(Date.now() - 60 * 60_000);
              assert.deepEqual(
                (await asked(channel, { kind: 'time', at })).words,
                replay.since(channel, replay.clock - 60 * MINUTE),
              );
            }
          }
        }
      }),
      { numRuns: 40, examples: [[['track', 'untrack', 'undo', 'untrack', 'look back'].map(of)]] },
    );
  });

  test('of a thousand issues are one round trip, and a list tells their number in its own', async () => {
    const tenant = 'T-trips';
    await tracker.track(
      tracking(
        Array.from({ length: 1_000 }, (_, n) => issue(n + 1)),
        { tenant },
      ),
    );
    const wire = await openWire(url);
    const over = await open(withQuery(wire.url, { max: 1 }));
    await over.list(listing({ tenant }));
    const trips = async (call: () => Promise<unknown>) => {
      await call();
      wire.trips = 0;
      await call();
      return wire.trips;
    };
    const visit = { user: 'U1', projects: [] };
    const since: Since = { kind: 'visit', user: 'U1' };
    assert.equal(await trips(() => over.changes({ tenant, channel: 'C1', since, projects: [], limit: 100 })), 1);
    assert.equal(await trips(() => over.list(listing({ tenant, visit }))), 1);
  });

  test('leave out issues of projects that may not be shown', async () => {
    const tenant = 'T-projects';
    await tracker.track(tracking([issue(1), issue(2, { key: 'SECRET-2' })], { tenant }));
    const since: Since = { kind: 'time', at: new Date(0) };
    const { changes, total } = await tracker.changes({ tenant, channel: 'C1', since, projects: ['PLAT'], limit: 10 });
    assert.deepEqual([changes.map(({ key }) => key), total], [['PLAT-1'], 1]);
  });
});
