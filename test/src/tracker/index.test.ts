import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Issue, STATUS_CATEGORIES, type StatusCategory } from '../../../src/issue.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { openWire } from '../../wire.ts';
import { connect, issue, issues, knowledge, listing, makeDatabase, open, tracking, withQuery } from './example.ts';

/** What a tracker promises, in memory. */
class Model {
  /** By tenant and id: what one tenant has read is nothing to another. */
  readonly known = new Map<string, { issue: Issue; former: Set<string> }>();
  /** The ids that each tenant's channel tracks, the newest last. */
  readonly lists = new Map<string, string[]>();

  of(place: string, id: string): { issue: Issue; former: Set<string> } | undefined {
    return this.known.get(`${tenantOf(place)} ${id}`);
  }

  learn(place: string, issue: Issue, formerKeys: readonly string[]): void {
    const known = this.of(place, issue.id);
    if (known?.issue.updatedAt && issue.updatedAt && issue.updatedAt < known.issue.updatedAt) return;
    const former = new Set([...(known?.former ?? []), ...(known ? [known.issue.key] : []), ...formerKeys]);
    former.delete(issue.key);
    this.known.set(`${tenantOf(place)} ${issue.id}`, { issue, former });
  }

  track(place: string, tracked: readonly { issue: Issue; askedAs: readonly string[] }[]): Set<string> {
    const list = this.lists.get(place) ?? [];
    const ids = tracked.map(({ issue }) => issue.id).sort();
    for (const { issue, askedAs } of tracked) this.learn(place, issue, askedAs);
    this.lists.set(place, [...list.filter((id) => !ids.includes(id)), ...ids]);
    return new Set(ids.filter((id) => !list.includes(id)));
  }

  update(place: string, issues: readonly Issue[]): void {
    for (const issue of issues) if (this.of(place, issue.id) !== undefined) this.learn(place, issue, []);
  }

  untrack(place: string, keys: readonly string[]): string[] {
    const list = this.lists.get(place) ?? [];
    const keysOf = (id: string) => {
      const { issue, former } = this.of(place, id) ?? assert.fail();
      return [issue.key, ...former].filter((key) => keys.includes(key));
    };
    this.lists.set(
      place,
      list.filter((id) => keysOf(id).length === 0),
    );
    return list.flatMap((id) => keysOf(id).map((asked) => `${asked} ${this.of(place, id)?.issue.key}`)).sort();
  }

  list(place: string, category: StatusCategory | undefined): string[] {
    const known = (this.lists.get(place) ?? []).map((id) => this.of(place, id)?.issue ?? assert.fail());
    const shown = known.filter((issue) => category === undefined || issue.category === category).reverse();
    const inOrder = STATUS_CATEGORIES.flatMap((each) => shown.filter((issue) => issue.category === each));
    return inOrder.map(({ id, key, summary }) => `${id} ${key} ${summary}`);
  }
}

function tenantOf(place: string): string {
  return place.slice(0, 2);
}

const CATEGORIES = ['new', 'indeterminate', 'done'] as const;
const place = fc.constantFrom('T1 C1', 'T1 C2', 'T2 C1', 'T2 C2');
const number = fc.nat(2);
/** How often the issue was changed by then: with each change it moves to the next of three projects. */
const version = fc.nat(4);
const versions = fc.uniqueArray(fc.tuple(number, version), { minLength: 1, maxLength: 3, selector: ([n]) => n });
const keyOf = (n: number, version: number) => `${['PLAT', 'MOB', 'OPS'][version % 3]}-${n + 1}`;
const keys = fc.uniqueArray(
  fc.tuple(number, version).map(([n, v]) => keyOf(n, v)),
  { maxLength: 4 },
);
const act = fc.oneof(
  fc.record({ act: fc.constant('track' as const), place, versions }),
  fc.record({ act: fc.constant('untrack' as const), place, keys }),
  fc.record({ act: fc.constant('update' as const), place, versions }),
  fc.record({ act: fc.constant('list' as const), place, category: fc.option(fc.constantFrom(...CATEGORIES)) }),
);

describe('a tracker', () => {
  let url: string;
  before(async () => {
    url = await makeDatabase();
  });

  test('does what its promises say, whatever happens in which order, and mixes nobody up', async () => {
    const trackers = await Promise.all([open(url), open(url)]);
    let runs = 0;
    const property = fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
      const run = ++runs;
      const model = new Model();
      // Both tenants have channels of the same ids, with issues of the same ids and keys.
      const where = (place: string) => ({ tenant: `${tenantOf(place)} ${run}`, channel: place.slice(3) });
      const site = `https://run-${run}.example`;
      const jira = ([n, version]: [number, number]) =>
        issue(n, {
          site,
          key: keyOf(n, version),
          summary: `version ${version}`,
          category: CATEGORIES[(n + version) % 3] ?? 'new',
          updatedAt: new Date(1_700_000_000_000 + version),
        });
      const list = async (tracker: Tracker, place: string, category: StatusCategory | undefined) => {
        const { issues, counts } = await tracker.list(listing({ ...where(place), category }));
        const shown = issues.map(({ id, key, summary }) => `${id} ${key} ${summary}`);
        assert.deepEqual(shown, model.list(place, category));
        for (const each of CATEGORIES) assert.equal(counts[each], model.list(place, each).length);
      };
      for (const [i, act] of acts.entries()) {
        const tracker = trackers[i % 2] ?? assert.fail();
        if (act.act === 'track') {
          const tracked = act.versions.map((version) => ({
            issue: jira(version),
            askedAs: [keyOf(version[0], 0), jira(version).key],
          }));
          const added = await tracker.track({ ...tracking([]), ...where(act.place), issues: tracked });
          assert.deepEqual(added, model.track(act.place, tracked));
        } else if (act.act === 'untrack') {
          const untracked = await tracker.untrack({
            ...where(act.place),
            which: { keys: act.keys },
            operation: randomUUID(),
          });
          assert.deepEqual(
            untracked.map(({ askedAs, key }) => `${askedAs} ${key}`).sort(),
            model.untrack(act.place, act.keys),
          );
        } else if (act.act === 'update') {
          const now = act.versions.map(jira);
          model.update(act.place, now);
          await tracker.update(knowledge(now, { tenant: where(act.place).tenant }));
        } else {
          await list(tracker, act.place, act.category ?? undefined);
        }
      }
      for (const place of ['T1 C1', 'T1 C2', 'T2 C1', 'T2 C2']) await list(trackers[0], place, undefined);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('goes to the database once for each operation, with one issue as with a hundred', async () => {
    const wire = await openWire(url);
    const tracker = await open(withQuery(wire.url, { max: 1 }));
    const operations = (of: readonly Issue[]): Record<string, () => Promise<unknown>> => ({
      track: () => tracker.track(tracking(of)),
      list: () => tracker.list(listing()),
      'a page': () => tracker.list(listing({ category: 'done', limit: 10, offset: 10 })),
      update: () => tracker.update(knowledge(of)),
      untrack: () =>
        tracker.untrack({
          tenant: 'T1',
          channel: 'C1',
          which: { keys: of.map(({ key }) => key) },
          operation: randomUUID(),
        }),
      tracked: () => tracker.tracked({ tenant: 'T1', channel: 'C1', keys: of.map(({ key }) => key) }),
      recordAction: () => tracker.recordAction({ tenant: 'T1', view: 'V1', actionTs: '1700000000.000001' }),
      supersedeActions: () => tracker.supersedeActions({ tenant: 'T1', view: 'V1' }),
      health: () => tracker.health({ tenant: 'T1', deadlineMs: 2_000 }),
    });
    // The first of each kind has its statement prepared.
    for (const operation of Object.values(operations(issues(1)))) await operation();
    for (const count of [1, 100]) {
      for (const [name, operation] of Object.entries(operations(issues(count)))) {
        wire.trips = 0;
        await operation();
        assert.equal(wire.trips, 1, `${name} with ${count}`);
      }
    }
  });

  test('goes to the database once to track, with a board as without, and only a board has a job queued', async () => {
    const wire = await openWire(url);
    const tracker = await open(withQuery(wire.url, { max: 1 }));
    const sql = connect(url);
    const where = { tenant: 'T-boards', channel: 'C1' };
    const jobs = () => sql`select key, task_identifier from graphile_worker.jobs where key like '%T-boards'`;
    const trips = async () => {
      wire.trips = 0;
      await tracker.track(tracking(issues(100), where));
      return wire.trips;
    };
    // The first has its statement prepared.
    await trips();
    assert.equal(await trips(), 1);
    assert.deepEqual([...(await jobs())], []);
    await tracker.takeBoard({ ...where, holder: randomUUID(), state: 'shown' });
    assert.equal(await trips(), 1);
    assert.deepEqual([...(await jobs())], [{ key: 'draw:T-boards', task_identifier: 'draw:T-boards' }]);
  });
});
