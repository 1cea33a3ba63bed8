import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import type { Issue } from '../../src/issue.ts';
import type { Tracker } from '../../src/tracker/index.ts';
import {
  connect,
  issue,
  issues,
  knowledge,
  listing,
  makeDatabase,
  open,
  tracking,
  withQuery,
} from '../src/tracker/example.ts';

/** The SQLSTATE of a statement that PostgreSQL ends because it takes too long. */
const TOO_LONG = '57014';

describe('two processes on one database', () => {
  let sql: postgres.Sql;
  let trackers: [Tracker, Tracker];
  before(async () => {
    // Without waiting for the disk, which would be most of the time.
    const url = withQuery(await makeDatabase(), { options: '-c synchronous_commit=off' });
    sql = connect(url);
    // PostgreSQL reads rows in whichever order its plan gives; the second process gets plans without an index's order.
    trackers = [
      await open(url),
      await open(
        withQuery(url, { options: '-c synchronous_commit=off -c enable_indexscan=off -c enable_bitmapscan=off' }),
      ),
    ];
  });

  test('that get two thousand tracks of one issue, dozens at a time, answer all and add it once', async () => {
    const channel = 'C-two-thousand';
    const sayAdded = new Set<string>();
    let left = 2_000;
    const person = async (tracker: Tracker) => {
      while (left-- > 0) {
        const operation = tracking([issue(1)], { channel });
        if ((await tracker.track(operation)).size > 0) sayAdded.add(operation.operation);
      }
    };
    await Promise.all(Array.from({ length: 80 }, (_, i) => person(trackers[i % 2 ? 1 : 0])));
    assert.equal(sayAdded.size, 1);
    const rows = await sql`select operation_id from tracked_issues where channel_id = ${channel}`;
    assert.deepEqual(
      rows.map(({ operation_id }) => operation_id),
      [...sayAdded],
    );
  });

  test('that write the same issues in different orders never lock each other out', async () => {
    const channel = 'C-orders';
    const all = issues(40, { site: 'https://orders.example' });
    const orders: Issue[][] = [all, all.toReversed(), [...all.slice(20), ...all.slice(0, 20)], shuffled(all)];
    let operations = 0;
    const act = (of: Issue[], kind: number): Promise<unknown> => {
      const tracker = trackers[operations++ % 2 ? 1 : 0];
      const keys = of.map(({ key }) => key);
      if (kind === 0) return tracker.untrack({ tenant: 'T1', channel, which: { keys }, operation: randomUUID() });
      if (kind === 1) return tracker.update(knowledge(of));
      return tracker.track(tracking(of, { channel }));
    };
    // PostgreSQL looks for a deadlock when somebody has waited a second, and ends one of those who are in it.
    await Promise.all(
      Array.from({ length: 10 }, async (_, worker) => {
        for (let i = worker; i < worker + 60; i++) {
          const order = orders[i % 4] ?? all;
          // Parts, so that rows do not lie in the order of their ids either.
          const from = (i * 7) % 40;
          await act([...order.slice(from), ...order.slice(0, from)].slice(0, 25), (i + worker) % 5);
        }
      }),
    );

    const { issues: listed, counts } = await trackers[0].list(listing({ channel }));
    assert.equal(new Set(listed.map(({ id }) => id)).size, listed.length);
    assert.equal(counts.indeterminate, listed.length);
    const known = new Map(all.map((issue) => [issue.id, issue]));
    for (const { id, key, summary } of listed) {
      assert.deepEqual([key, summary], [known.get(id)?.key, known.get(id)?.summary]);
    }
    const untracked = await trackers[1].untrack({
      tenant: 'T1',
      channel,
      which: { keys: all.map(({ key }) => key) },
      operation: randomUUID(),
    });
    assert.equal(untracked.length, listed.length);
  });

  test('that write a hundred issues of channels with boards in different orders never lock each other out', async () => {
    // PostgreSQL notices a deadlock after 50 milliseconds. A database of its own has no rows that others left behind.
    const url = await makeDatabase();
    const plans = ['', '-c enable_indexscan=off -c enable_bitmapscan=off'];
    const settings = plans.map((plan) => `-c synchronous_commit=off -c deadlock_timeout=50ms ${plan}`.trim());
    const own = await Promise.all(settings.map((options) => open(withQuery(url, { options }))));
    const [tenant, channels, all] = ['T1', ['C-a', 'C-b', 'C-c', 'C-d'], issues(100)];
    const [first = assert.fail()] = own;
    // The more boards a statement locks, the longer two of them are in each other's way.
    const others = Array.from({ length: 40 }, (_, n) => `C-other-${n}`);
    for (const channel of [...channels, ...others]) {
      await first.takeBoard({ tenant, channel, holder: randomUUID(), state: 'shown' });
      await first.track(tracking(others.includes(channel) ? all.slice(0, 8) : all, { channel }));
    }
    let written = 0;
    async function act(of: readonly Issue[], channel: string, n: number): Promise<void> {
      const tracker = own[n % 2] ?? first;
      const now = of.map((issue) => ({ ...issue, summary: `Now ${n}` }));
      const which = { keys: of.map(({ key }) => key) };
      const acts = [
        () => tracker.untrack({ tenant, channel, which, operation: randomUUID() }),
        () => tracker.update(knowledge(now)),
        () => tracker.track(tracking(now, { channel })),
      ];
      await acts[n % 3]?.();
      written++;
    }
    const people = Array.from({ length: 4 }, async (_, person) => {
      const quarter = all.filter((_, i) => i % 4 === person);
      for (let round = 0; round < 15; round++) {
        const n = person + round;
        // Statements about different issues meet at the boards.
        const of = [quarter, all.toReversed(), quarter, shuffled(all)][round % 4] ?? all;
        // A busy machine may take longer than Maro lets a statement take, which is no deadlock.
        await act(of, channels[n % 4] ?? '', n).catch((error: unknown) => {
          if (!(error instanceof DatabaseTrouble && error.code === TOO_LONG)) throw error;
        });
      }
    });
    await Promise.all(people);
    assert.ok(written > 30, `${written} of 60 were written`);
  });

  test('that track and untrack an issue at once end with it tracked or not, as the last answer says', async () => {
    const channel = 'C-both';
    const [one, other] = trackers;
    let tracked = false;
    for (let round = 0; round < 100; round++) {
      const [added, removed] = await Promise.all([
        one.track(tracking([issue(2)], { channel })),
        other.untrack({ tenant: 'T1', channel, which: { keys: ['PLAT-2'] }, operation: randomUUID() }),
      ]);
      const isTracked = (await one.list(listing({ channel }))).issues.length === 1;
      assert.equal(Number(tracked) + added.size - removed.length, Number(isTracked), `round ${round}`);
      tracked = isTracked;
    }
  });
});

function shuffled<T>(values: readonly T[]): T[] {
  return values.map((_, i) => values[(i * 17) % values.length] as T);
}
