import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../../src/digest.ts';
import type { Issue } from '../../../src/issue.ts';
import { digestText } from '../../../src/messages/digest.ts';
import type { DueQuery } from '../../../src/tracker/follows.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { until } from '../../maro.ts';
import { connect, issue, issues, makeDatabase, open, SITE, tracking } from './example.ts';

const CHANNEL = 'C1';
type Name = 'sprint A' | 'sprint B';

let sql: ReturnType<typeof connect>;
let tracker: Tracker;
let other: Tracker;
before(async () => {
  const url = await makeDatabase();
  sql = connect(url);
  [tracker, other] = [await open(url), await open(url)];
});

const known = issues(6);

/** A channel of its own, with what can happen in it. */
function channel(tenant = `T-${randomUUID()}`, channel = CHANNEL) {
  const jqlOf = (name: Name) => `sprint = "${name.slice(-1)}"`;
  const operation = () => randomUUID();
  const following = { tenant, channel, site: SITE, by: 'U1' };
  return {
    tenant,
    channel,
    start: (name: Name, by = tracker) =>
      by.startFollow({
        ...following,
        query: { kind: 'sprint', words: name.slice(-1) },
        jql: jqlOf(name),
        operation: operation(),
      }),
    async stop(name: Name): Promise<number> {
      const found = (await tracker.follows({ tenant, channel })).find(({ words }) => words === name.slice(-1));
      return tracker.stopFollow({ tenant, channel, id: found?.id ?? '', by: 'U1', operation: operation() });
    },
    async due(name: Name): Promise<DueQuery | undefined> {
      await sql`update follows set asked_at = null where tenant_id = ${tenant}`;
      return (await tracker.dueFollows({ tenant, site: SITE })).find(({ jql }) => jql === jqlOf(name));
    },
    /** Reads a query, with all issues at hand. */
    async read(name: Name, has: readonly Issue[], query?: DueQuery, by = tracker) {
      const due = query ?? (await this.due(name));
      if (due === undefined) return undefined;
      const ids = has.map(({ id }) => id);
      const read = { tenant, site: SITE, query: due, ids, operation: operation() };
      const { missing } = await by.followRead({ ...read, issues: [] });
      return by.followRead({ ...read, issues: has.filter(({ id }) => missing.includes(id)) });
    },
    track: (of: Issue) => tracker.track(tracking([of], { tenant, channel, operation: operation() })),
    async untrack({ key }: Issue): Promise<string> {
      const id = operation();
      await tracker.untrack({ tenant, channel, which: { keys: [key] }, operation: id, by: 'U1' });
      return id;
    },
    restore: (untrackedIn: string) => tracker.restore({ tenant, channel, untrackedIn, operation: operation() }),
    async listed(): Promise<string[]> {
      const { issues } = await tracker.list({ tenant, channel, category: undefined, limit: 1_000, offset: 0 });
      return issues.map(({ id, door }) => `${id} ${door === 'follow' ? 'followed' : 'by hand'}`).sort();
    },
    async told(): Promise<string[]> {
      const since = { kind: 'time' as const, at: new Date(0) };
      const { changes } = await tracker.changes({ tenant, channel, since, projects: [], limit: 1_000 });
      return changes.map(({ key, what, to, user }) => [key, what, to, user].filter(Boolean).join(' ')).sort();
    },
  };
}

describe('what a channel follows', () => {
  const [one, two, three] = [issue(1), issue(2), issue(3)];

  test('joins the list with the first answer, and leaves it when the query has it no more, and both are told', async () => {
    const c = channel();
    assert.equal(await c.start('sprint A'), 'started');
    assert.deepEqual(await c.read('sprint A', [one, two]), { missing: [], joined: 2, left: 0 });
    assert.deepEqual(await c.told(), ['PLAT-1 joined sprint A U1', 'PLAT-2 joined sprint A U1']);
    assert.deepEqual(await c.read('sprint A', [two, three]), { missing: [], joined: 1, left: 1 });
    assert.deepEqual(await c.listed(), [`${two.id} followed`, `${three.id} followed`]);
    assert.deepEqual(await c.told(), ['PLAT-1 left sprint A', 'PLAT-2 joined sprint A U1', 'PLAT-3 joined sprint A']);
  });

  test('stays when a person tracked it, before or after it came', async () => {
    const c = channel();
    await c.track(one);
    await c.start('sprint A');
    await c.read('sprint A', [one, two, three]);
    await c.track(two);
    await c.read('sprint A', []);
    assert.deepEqual(await c.listed(), [`${one.id} by hand`, `${two.id} by hand`]);
  });

  test('stays away when a person untracked it, until it is tracked, restored, or comes anew', async () => {
    const c = channel();
    await c.start('sprint A');
    await c.read('sprint A', [one, two, three]);
    const [first, second] = [await c.untrack(one), await c.untrack(two), await c.untrack(three)];
    await c.read('sprint A', [one, two, three]);
    assert.deepEqual(await c.listed(), []);
    assert.deepEqual(
      (await tracker.follows(c)).map(({ issues, untracked }) => [issues, untracked]),
      [[0, 3]],
    );
    await c.restore(first ?? '');
    await c.track(two);
    assert.deepEqual(await c.listed(), [`${one.id} followed`, `${two.id} by hand`]);
    await c.read('sprint A', []);
    await c.read('sprint A', [three]);
    assert.deepEqual(await c.listed(), [`${two.id} by hand`, `${three.id} followed`]);
    assert.equal(await c.restore(second ?? ''), 0);
  });

  test('says which queries have an untracked issue', async () => {
    const c = channel();
    await c.start('sprint A');
    await c.read('sprint A', [one]);
    const untrack = (key: string) =>
      tracker.untrack({ ...c, which: { keys: [key] }, operation: randomUUID() }).then(([row]) => row?.followed);
    await c.track(two);
    assert.deepEqual([await untrack('PLAT-1'), await untrack('PLAT-2')], ['sprint A', undefined]);
  });

  test('leaves when the channel stops to follow, and comes back by hand with Undo', async () => {
    const c = channel();
    await c.start('sprint A');
    await c.start('sprint B');
    await c.read('sprint A', [one, two]);
    await c.read('sprint B', [two]);
    const [{ id } = { id: '' }] = await tracker.follows(c);
    const stop = { ...c, id, by: 'U1', operation: randomUUID() };
    assert.equal(await tracker.stopFollow(stop), 1);
    assert.equal(await tracker.stopFollow(stop), 1, 'a repeated call says the same');
    assert.deepEqual(await c.listed(), [`${two.id} followed`]);
    await c.restore(stop.operation);
    assert.deepEqual(await c.listed(), [`${one.id} by hand`, `${two.id} followed`]);
  });

  test('changes nothing for an answer that is older than one that is stored', async () => {
    const c = channel();
    await c.start('sprint A');
    const due = (await c.due('sprint A')) ?? assert.fail();
    await c.read('sprint A', [one], due);
    assert.deepEqual(await c.read('sprint A', [two], due, other), { missing: [], joined: 0, left: 0 });
    await tracker.followUnread({ tenant: c.tenant, query: due, trouble: 'Old.' });
    assert.deepEqual(await c.listed(), [`${one.id} followed`]);
    assert.equal((await tracker.follows(c))[0]?.trouble, undefined);
  });

  test('joins once when two processes have the same answer at once', async () => {
    const c = channel();
    await c.start('sprint A');
    const due = (await c.due('sprint A')) ?? assert.fail();
    const all = issues(200);
    const results = await Promise.all([c.read('sprint A', all, due), c.read('sprint A', all, due, other)]);
    assert.equal(
      results.reduce((sum, result) => sum + (result?.joined ?? 0), 0),
      200,
    );
    assert.equal((await c.told()).length, 200);
  });

  test('is what a replay of everything that happened gives', async () => {
    const id = fc.integer({ min: 1, max: 6 });
    const name = fc.constantFrom<Name>('sprint A', 'sprint B');
    const step = fc.oneof(
      fc.record({ does: fc.constant('track' as const), id }),
      fc.record({ does: fc.constant('untrack' as const), id }),
      fc.record({ does: fc.constant('restore' as const) }),
      fc.record({ does: fc.constant('read' as const), name, ids: fc.uniqueArray(id, { maxLength: 5 }) }),
      fc.record({ does: fc.constant('start' as const), name }),
      fc.record({ does: fc.constant('stop' as const), name }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const c = channel();
        const list = new Map<string, 'by hand' | 'followed'>();
        const members = new Map<Name, string[]>();
        let undo: { operation: string; id: string; was: 'by hand' | 'followed' } | undefined;
        const isFollowed = (id: string) => [...members.values()].some((ids) => ids.includes(id));
        const leave = () => {
          for (const [id, how] of list) if (how === 'followed' && !isFollowed(id)) list.delete(id);
        };
        for (const each of [{ does: 'start' as const, name: 'sprint A' as const }, ...steps]) {
          const of = 'id' in each ? (known[each.id - 1] ?? assert.fail()) : one;
          if (each.does === 'track') {
            await c.track(of);
            list.set(of.id, 'by hand');
          } else if (each.does === 'untrack') {
            const was = list.get(of.id);
            const operation = await c.untrack(of);
            if (was !== undefined) undo = { operation, id: of.id, was };
            list.delete(of.id);
          } else if (each.does === 'restore') {
            if (undo === undefined) continue;
            await c.restore(undo.operation);
            if (!list.has(undo.id)) list.set(undo.id, isFollowed(undo.id) ? undo.was : 'by hand');
            undo = undefined;
          } else if (each.does === 'start') {
            await c.start(each.name);
            if (!members.has(each.name)) members.set(each.name, []);
          } else if (each.does === 'stop') {
            await c.stop(each.name);
            members.delete(each.name);
            leave();
          } else {
            const has = each.ids.map((n) => known[n - 1] ?? assert.fail());
            await c.read(each.name, has);
            const before = members.get(each.name);
            if (before === undefined) continue;
            for (const { id } of has) if (!before.includes(id) && !list.has(id)) list.set(id, 'followed');
            members.set(
              each.name,
              has.map(({ id }) => id),
            );
            leave();
          }
          assert.deepEqual(await c.listed(), [...list].map(([id, how]) => `${id} ${how}`).sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  test('tells in digests what joined and what left', async () => {
    const c = channel();
    await c.start('sprint A');
    const now = { updatedAt: new Date() };
    const [stays, joins] = [issue(2, now), issue(3, now)];
    await c.read('sprint A', [issue(1, now), stays]);
    await sql`update tracked_issues set added_at = added_at - interval '10 days' where tenant_id = ${c.tenant}`;
    await c.read('sprint A', [stays, joins]);
    for (const [table, at] of [
      ['tracked_issues', 'added_at'],
      ['untracked_issues', 'untracked_at'],
    ] as const) {
      await sql`update ${sql(table)} set ${sql(at)} = ${sql(at)} - interval '1 hour' where tenant_id = ${c.tenant}`;
    }
    const { issues, span } = await tracker.digest({ ...c, span: { kind: 'days', days: 7 }, projects: [] });
    const text = digestText(digestOf(issues, span));
    assert.match(
      text,
      /^New:\nPLAT-3 · .* · joined by sprint A · .*\nLeft a followed query:\nPLAT-1 · .* · left sprint A · /,
    );
    await c.track(issue(1, now));
    const again = await tracker.digest({ ...c, span: { kind: 'days', days: 7 }, projects: [] });
    assert.doesNotMatch(digestText(digestOf(again.issues, again.span)), /Left/, 'it is tracked again');
  });

  test('is at most ten queries, each once', async () => {
    const c = channel();
    const start = (n: number) =>
      tracker.startFollow({
        ...c,
        site: SITE,
        query: { kind: 'jql', words: `project = P${n}` },
        jql: `project = P${n}`,
        by: 'U1',
        operation: randomUUID(),
      });
    for (let n = 1; n <= 10; n++) assert.equal(await start(n), 'started');
    assert.deepEqual([await start(10), await start(11)], ['followed already', 'too many']);
  });

  test('has at most ten queries, each once, even if two processes start one at the same time', async () => {
    const c = channel();
    const start = (n: number, by = tracker) =>
      by.startFollow({
        ...{ ...c, site: SITE, by: 'U1', operation: randomUUID() },
        query: { kind: 'jql', words: `project = P${n}` },
        jql: `project = P${n}`,
      });
    for (let n = 1; n <= 9; n++) await start(n);
    const waiting = () => sql`select from pg_locks where locktype = 'advisory' and not granted`;
    const beside: ReturnType<typeof start>[] = [];
    await sql.begin(async (transaction) => {
      await transaction`
        insert into follows (tenant_id, channel_id, follow_id, site, kind, words, jql, followed_by, since_at, operation_id)
        select tenant_id, channel_id, md5('project = P10'), site, kind, words, 'project = P10', followed_by, now(), 'other'
        from follows where tenant_id = ${c.tenant} limit 1`;
      beside.push(start(10), start(11, other));
      await until(async () => (await waiting()).length === 2, 'both wait for the transaction');
    });
    assert.deepEqual(await Promise.all(beside), ['followed already', 'too many']);
    assert.equal((await tracker.follows(c)).length, 10);
  });

  test('is asked once for all channels, and not for one that is archived, or after an uninstall', async () => {
    const tenant = `T-${randomUUID()}`;
    const channels = Array.from({ length: 10 }, (_, n) => channel(tenant, `C${n}`));
    for (const c of channels) await c.start('sprint A');
    const archived = { tenant, channel: 'C3', at: new Date() };
    await tracker.setChannelState({ ...archived, state: 'archived' });
    const [due, ...others] = await tracker.dueFollows({ tenant, site: SITE });
    assert.deepEqual([due?.follows.length, others.length], [9, 0]);
    await channels[0]?.read('sprint A', [one, two], due);
    for (const c of channels) assert.equal((await c.listed()).length, c.channel === 'C3' ? 0 : 2);
    await tracker.setChannelState({ ...archived, state: 'unarchived' });
    assert.deepEqual((await tracker.dueFollows({ tenant, site: SITE }))[0]?.follows.length, 10);
    await tracker.markUninstalled({ tenant, at: new Date(Date.now() + 1_000) });
    assert.deepEqual(await tracker.dueFollows({ tenant, site: SITE }), []);
  });

  test('is due after five minutes, and when the delta has seen a change since', async () => {
    const c = channel();
    await c.start('sprint A');
    const due = () => tracker.dueFollows({ tenant: c.tenant, site: SITE });
    await c.read('sprint A', [one], (await due())[0]);
    assert.deepEqual(await due(), []);
    const done = { tenant: c.tenant, site: SITE, at: new Date(), minutes: 1, read: ['PLAT'], refused: [] };
    const changedTo = new Date('2026-01-01T00:00:00.123Z');
    await tracker.deltaDone({ ...done, changedTo });
    const [first] = await due();
    assert.deepEqual(first?.changedTo, changedTo);
    await c.read('sprint A', [one], first);
    await tracker.deltaDone({ ...done, changedTo });
    assert.deepEqual(await due(), []);
    await sql`update follows set asked_at = now() - interval '6 minutes' where tenant_id = ${c.tenant}`;
    assert.equal((await due()).length, 1);
  });

  test('moves with the channel to another id', async () => {
    const c = channel();
    await c.start('sprint A');
    await c.read('sprint A', [one, two]);
    await tracker.moveChannel({ tenant: c.tenant, from: CHANNEL, to: 'C2' });
    const moved = channel(c.tenant, 'C2');
    await moved.read('sprint A', [two]);
    assert.deepEqual([await c.listed(), await moved.listed()], [[], [`${two.id} followed`]]);
    await tracker.forgetChannel({ tenant: c.tenant, channel: 'C2' });
    assert.deepEqual(await tracker.follows(moved), []);
  });

  test('moves with the site to another address', async () => {
    const c = channel();
    const [old, now] = ['https://old.atlassian.net', 'https://new.atlassian.net'] as const;
    await c.start('sprint A');
    await c.read('sprint A', [one, two]);
    for (const table of ['follows', 'follow_issues', 'tracked_issues', 'jira_issues']) {
      await sql`update ${sql(table)} set site = ${old} where tenant_id = ${c.tenant}`;
    }
    await sql`update follows set asked_at = null where tenant_id = ${c.tenant}`;
    const own = [now, old] as const;
    const { id: site } = await tracker.rememberSite({
      tenant: c.tenant,
      cloudId: 'cloud-1',
      url: now,
      own,
      others: [],
    });
    const [due] = await tracker.dueFollows({ tenant: c.tenant, site });
    const read = {
      tenant: c.tenant,
      site,
      query: due ?? assert.fail(),
      ids: [two.id],
      issues: [],
      operation: randomUUID(),
    };
    assert.deepEqual(await tracker.followRead(read), { missing: [], joined: 0, left: 1 });
    const rows = await sql`select added_via, site from tracked_issues where tenant_id = ${c.tenant}`;
    assert.deepEqual([...rows], [{ added_via: 'sprint A', site }]);
  });
});
