import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import type postgres from 'postgres';
import type { ReportedSite } from '../../../src/site.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { openWire } from '../../wire.ts';
import { connect, issue, issues, knowledge, listing, makeDatabase, open, tracking, withQuery } from './example.ts';

const OLD = 'https://old.atlassian.net';
const NEW = 'https://new.atlassian.net';
const CUSTOM = 'https://jira.acme.example';
const CLOUD = '11223344-a1b2-4c33-8444-def123456789';
const OTHER_CLOUD = '99999999-a1b2-4c33-8444-def123456789';

/** A site as Jira reports it at this address. */
function reported(baseUrl: string, changes: Partial<ReportedSite> = {}): ReportedSite {
  return { cloudId: undefined, url: baseUrl, own: [baseUrl], others: [], ...changes };
}

describe('to remember a site', () => {
  let url: string;
  let sql: postgres.Sql;
  let tracker: Tracker;
  let tenants = 0;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });

  /** A tenant of its own, with Maro's operations for it. */
  function installation(tenant = `T-${++tenants}`) {
    const list = async (channel = 'C1') => (await tracker.list(listing({ tenant, channel }))).issues;
    return {
      tenant,
      remember: (site: ReportedSite) => tracker.rememberSite({ tenant, ...site }),
      track: (
        at: string,
        n: number,
        more: Parameters<typeof tracking>[1] & { summary?: string; updatedAt?: Date } = {},
      ) => {
        const { summary = `Summary of ${n}`, updatedAt = new Date('2026-01-02'), ...changes } = more;
        return tracker.track(tracking([issue(n, { site: at, summary, updatedAt })], { tenant, ...changes }));
      },
      list,
      links: async (channel = 'C1') => (await list(channel)).map(({ site, key }) => `${site} ${key}`),
      sites: async () => [
        ...(await sql`select site, cloud_id, url, addresses from jira_sites where tenant_id = ${tenant} order by 1`),
      ],
    };
  }

  test('keeps its id, its rows, and its old addresses when it is renamed, and links lead to the new address', async () => {
    const { remember, track, links, tenant } = installation();
    const before = await remember(reported(OLD, { own: [OLD] }));
    await track(OLD, 1);
    const after = await remember(reported(NEW, { own: [NEW, OLD] }));
    assert.equal(after.id, before.id);
    assert.deepEqual(new Set(after.addresses), new Set([OLD, NEW]));
    assert.deepEqual([(await track(NEW, 1)).size, (await track(OLD, 1)).size], [0, 0]);
    assert.deepEqual(await links(), [`${NEW} PLAT-1`]);
    const untracked = await tracker.untrack({ tenant, channel: 'C1', which: { keys: ['PLAT-1'] }, operation: 'o1' });
    assert.deepEqual(untracked, [{ key: 'PLAT-1', site: NEW, askedAs: 'PLAT-1' }]);
    assert.equal(await tracker.restore({ tenant, channel: 'C1', untrackedIn: 'o1', operation: 'o2' }), 1);
    assert.deepEqual(await links(), [`${NEW} PLAT-1`]);
  });

  test('links to the custom domain while there is one, and knows it afterwards', async () => {
    const { remember, track, links } = installation();
    await remember(reported(OLD, { url: CUSTOM, others: [CUSTOM, 'https://help.acme.example'] }));
    await track(CUSTOM, 1);
    await track(OLD, 1);
    assert.deepEqual(await links(), [`${CUSTOM} PLAT-1`]);
    const { addresses } = await remember(reported(OLD));
    assert.deepEqual(await links(), [`${OLD} PLAT-1`]);
    assert.deepEqual(addresses, [OLD, CUSTOM, 'https://help.acme.example']);
  });

  test('takes a site by its cloud id whatever its addresses, and by its addresses when it had no cloud id', async () => {
    const { remember } = installation();
    const { id } = await remember(reported(OLD));
    assert.equal((await remember(reported(OLD, { cloudId: CLOUD }))).id, id, 'JIRA_CLOUD_ID was added');
    assert.equal((await remember(reported(NEW, { cloudId: CLOUD }))).id, id, 'and the site was renamed');
    assert.equal((await remember(reported(NEW))).id, id, 'and JIRA_CLOUD_ID was taken out');
  });

  test('does not take a site for another one that has its custom domain now', async () => {
    const { remember, track, links, sites } = installation();
    const old = await remember(reported(OLD, { url: CUSTOM, others: [CUSTOM] }));
    await track(CUSTOM, 1);
    const moved = await remember(reported(NEW, { url: CUSTOM, others: [CUSTOM] }));
    assert.notEqual(moved.id, old.id);
    await track(CUSTOM, 1);
    assert.deepEqual((await links()).sort(), [`${CUSTOM} PLAT-1`, `${OLD} PLAT-1`]);
    assert.deepEqual(
      (await sites()).map(({ addresses }) => addresses),
      [[NEW, CUSTOM], [OLD]],
    );
  });

  test('does not take a site for another one that got its address, when both have cloud ids', async () => {
    const { remember, track, links, sites } = installation();
    await remember(reported(OLD, { cloudId: CLOUD }));
    await track(OLD, 1);
    await remember(reported(NEW, { cloudId: CLOUD }));
    const other = await remember(reported(OLD, { cloudId: OTHER_CLOUD }));
    assert.equal(other.id, OTHER_CLOUD, 'since the other site is identified by that address');
    await track(OLD, 2);
    assert.deepEqual((await links()).sort(), [`${NEW} PLAT-1`, `${OLD} PLAT-2`]);
    assert.equal((await remember(reported(OLD))).id, OTHER_CLOUD);
    assert.deepEqual(
      (await sites()).map(({ addresses }) => addresses),
      [[OLD], [NEW]],
    );
  });

  test('makes one of two sites that turn out to be one, and keeps of each issue what is newest', async () => {
    const { remember, track, list, tenant } = installation();
    const knownSince = { updatedAt: new Date('2026-01-01') };
    await track(OLD, 1, { by: 'U1', messageLink: 'https://slack.example/p1', summary: 'older', ...knownSince });
    await track(OLD, 2, { channel: 'C2' });
    await remember(reported(NEW));
    await track(NEW, 1, { by: 'U2', operation: 'newer', summary: 'newer' });
    await track(NEW, 3);
    for (const n of [1, 3]) {
      const operation = { tenant, channel: 'C3', operation: `off ${n}` };
      for (const at of n === 1 ? [OLD, NEW] : [NEW]) await track(at, n, { channel: 'C3', ...knownSince });
      await tracker.untrack({ ...operation, which: { keys: [`PLAT-${n}`] } });
    }
    await remember(reported(NEW, { own: [NEW, OLD] }));
    assert.deepEqual(
      (await list()).map(({ site, key, summary, trackedBy, messageLink }) => [
        site,
        key,
        summary,
        trackedBy,
        messageLink,
      ]),
      [
        [NEW, 'PLAT-3', 'Summary of 3', 'U1', undefined],
        [NEW, 'PLAT-1', 'newer', 'U2', 'https://slack.example/p1'],
      ],
    );
    assert.deepEqual(
      (await list('C2')).map(({ key }) => key),
      ['PLAT-2'],
    );
    assert.equal((await track(NEW, 1, { operation: 'newer' })).size, 1, 'a repeated operation knows its row');
    assert.equal(await tracker.restore({ tenant, channel: 'C3', untrackedIn: 'off 1', operation: 'undo' }), 1);
    assert.deepEqual(
      (await list('C3')).map(({ key }) => key),
      ['PLAT-1'],
    );
    const [{ count } = { count: 0 }] = await sql`select count(*)::int from jira_issues where tenant_id = ${tenant}`;
    assert.equal(count, 3);
  });

  test('keeps what was read last of an issue that one of two sites does not show', async () => {
    const { remember, track, list, tenant } = installation();
    const gone = (at: string, n: number) =>
      tracker.update(knowledge([], { tenant, site: at, gone: [String(10_000 + n)] }));
    await track(NEW, 1, { updatedAt: new Date('2026-03-01') });
    await track(OLD, 1);
    await gone(OLD, 1);
    await track(NEW, 2);
    await gone(NEW, 2);
    await track(OLD, 2);
    await remember(reported(NEW, { own: [NEW, OLD] }));
    assert.deepEqual(
      (await list()).map(({ key, summary, goneAt }) => [key, summary, goneAt === undefined]),
      [
        ['PLAT-2', 'Summary of 2', true],
        ['PLAT-1', '', false],
      ],
    );
  });

  test('takes over the rows that an older Maro wrote under an address of the site, also more than one call moves', async () => {
    const { remember, tenant } = installation();
    await remember(reported(OLD));
    await tracker.track(tracking(issues(2_500, { site: NEW }), { tenant }));
    await remember(reported(NEW, { own: [NEW, OLD] }));
    const { issues: listed } = await tracker.list(listing({ tenant }));
    assert.deepEqual([listed.length, new Set(listed.map(({ siteId }) => siteId))], [2_500, new Set([OLD])]);
  });

  test('moves every column that the tables have', async () => {
    const { remember, tenant } = installation();
    const of = (table: string) =>
      sql`select to_jsonb(t) - 'site' as row from ${sql(table)} as t where tenant_id = ${tenant}`;
    const everything = async () => [
      ...(await of('jira_issues')),
      ...(await of('tracked_issues')),
      ...(await of('untracked_issues')),
      ...(await of('issue_changes')),
    ];
    await sql`
      insert into jira_issues select * from jsonb_populate_record(null::jira_issues, ${sql.json({
        ...{ tenant_id: tenant, site: OLD, issue_id: '1', issue_key: 'PLAT-1', former_keys: ['OLD-1'], summary: 's' },
        ...{
          status: 'S',
          status_category: 'new',
          assignee: 'A',
          assignee_id: 'a',
          due_date: '2026-11-20',
          type: 't',
          priority: 'p',
          gone_at: '2026-01-03',
        },
        ...{ jira_updated_at: '2026-01-01', synced_at: '2026-01-02' },
        ...{ changes_since: '2025-12-01', history_read_to: '2025-12-02' },
      })})`;
    const tracked = {
      ...{ tenant_id: tenant, channel_id: 'C1', site: OLD, issue_id: '1', tracked_at: '2026-01-01', tracked_by: 'U1' },
      ...{
        door: 'step',
        message_link: 'l',
        operation_id: 'o',
        untracked_at: '2026-01-02',
        untracked_in: 'u',
        untracked_by: 'U2',
        added_at: '2025-12-03',
        added_by: 'U3',
        added_via: 'epic PLAT-7',
        left_via: 'sprint Sprint 12',
        restored_in: 'r',
      },
    };
    await sql`insert into tracked_issues select * from jsonb_populate_record(null::tracked_issues, ${sql.json(tracked)})`;
    await sql`insert into untracked_issues select * from jsonb_populate_record(null::untracked_issues, ${sql.json(tracked)})`;
    await sql`
      insert into issue_changes select * from jsonb_populate_record(null::issue_changes, ${sql.json({
        ...{ tenant_id: tenant, site: OLD, issue_id: '1', change_id: 'history 1 status', changed_at: '2026-01-01' },
        ...{ author_id: 'a', author: 'A', what: 'status', from_text: 'To Do', to_text: 'Done', from_category: 'new' },
        ...{ to_category: 'done', by_maro: true, recorded_at: '2026-01-02' },
      })})`;
    const before = await everything();
    for (const { row } of before)
      assert.ok(
        Object.values(row).every((value) => value !== null),
        JSON.stringify(row),
      );
    const { id } = await remember(reported(NEW));
    await remember(reported(NEW, { own: [NEW, OLD] }));
    assert.deepEqual(await everything(), before);
    const [left] = await sql`select count(*)::int from jira_issues where tenant_id = ${tenant} and site <> ${id}`;
    assert.equal(left?.count, 0);
  });

  test('is apart for each tenant', async () => {
    const [one, two] = [installation(), installation()];
    await one.remember(reported(OLD));
    await two.remember(reported(OLD, { cloudId: CLOUD }));
    await one.track(OLD, 1);
    await two.track(OLD, 1);
    await one.remember(reported(NEW, { own: [NEW, OLD] }));
    assert.deepEqual([await one.links(), await two.links()], [[`${NEW} PLAT-1`], [`${OLD} PLAT-1`]]);
    assert.deepEqual(await two.sites(), [{ site: OLD, cloud_id: CLOUD, url: OLD, addresses: [OLD] }]);
  });

  test('takes one round trip when nothing is to be moved', async () => {
    const wire = await openWire(url);
    const other = await open(withQuery(wire.url, { max: 1 }));
    const { tenant } = installation();
    const site = { tenant, ...reported(OLD, { url: CUSTOM, others: [CUSTOM] }) };
    await other.rememberSite(site);
    wire.trips = 0;
    await other.rememberSite(site);
    assert.equal(wire.trips, 1);
  });

  test('by many processes at once, while others track, ends in one site and one row for each issue', async () => {
    const trackers = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    for (let round = 0; round < 10; round++) {
      const { tenant, sites, list, track } = installation();
      const addresses = [OLD, NEW, 'https://newest.atlassian.net'];
      for (const at of addresses) await track(at, 1);
      const all = await Promise.all(
        trackers.flatMap((tracker, n) => [
          tracker.rememberSite({
            tenant,
            ...reported(addresses[n % 3] ?? OLD, { own: [addresses[n % 3] ?? OLD, OLD] }),
          }),
          tracker.track(tracking([issue(1, { site: addresses[n % 3] ?? OLD }), issue(2, { site: OLD })], { tenant })),
        ]),
      );
      assert.equal(all.length, 8);
      await tracker.rememberSite({ tenant, ...reported(NEW, { own: [NEW, OLD] }) });
      await tracker.rememberSite({
        tenant,
        ...reported('https://newest.atlassian.net', { own: ['https://newest.atlassian.net', NEW] }),
      });
      assert.equal((await sites()).length, 1);
      assert.deepEqual((await list()).map(({ key }) => key).sort(), ['PLAT-1', 'PLAT-2']);
    }
  });

  test('makes of several sites what one site would have become', async () => {
    const act = fc.record({
      at: fc.constantFrom(OLD, NEW, CUSTOM),
      n: fc.integer({ min: 1, max: 3 }),
      channel: fc.constantFrom('C1', 'C2'),
      version: fc.integer({ min: 1, max: 3 }),
      former: fc.constantFrom('OLD-1', 'OLDER-1'),
      by: fc.constantFrom('U1', 'U2'),
    });
    const property = fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
      const [several, one] = [installation(), installation()];
      for (const [i, { at, n, channel, version, former, by }] of acts.entries()) {
        const read = {
          summary: `${n} in version ${version} of ${i}`,
          updatedAt: new Date(1_700_000_000_000 + version),
        };
        for (const [where, tenant] of [
          [at, several.tenant],
          [NEW, one.tenant],
        ] as const) {
          const asked = { issue: issue(n, { site: where, ...read }), askedAs: [`${former}${n}`] };
          await tracker.track({ ...tracking([]), issues: [asked], tenant, channel, by });
        }
      }
      await several.remember(reported(NEW, { own: [NEW, OLD] }));
      await several.remember(reported(NEW, { own: [NEW, CUSTOM] }));
      for (const channel of ['C1', 'C2']) {
        const shown = async ({ list }: typeof one) =>
          (await list(channel)).map(({ site, id, summary, trackedBy }) => [site, id, summary, trackedBy]);
        assert.deepEqual(await shown(several), await shown(one));
        const keys = [1, 2, 3].flatMap((n) => [`OLD-1${n}`, `OLDER-1${n}`]);
        const known = ({ tenant }: typeof one) => tracker.tracked({ tenant, channel, keys });
        // A reading that came too late gives one site no former key, and several sites all that people asked by.
        assert.ok((await known(one)).isSubsetOf(await known(several)));
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
