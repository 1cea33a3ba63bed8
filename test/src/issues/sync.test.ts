import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { type Jira, startJira } from '../../../sandbox/jira/index.ts';
import { delta, type SyncDeps, sweep } from '../../../src/issues/sync.ts';
import type { IssueKey } from '../../../src/key.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, makeDatabase, open } from '../tracker/example.ts';
import { makeInstallation } from './installation.ts';

let sql: ReturnType<typeof connect>;
let tracker: Tracker;
before(async () => {
  const url = await makeDatabase();
  sql = connect(url);
  tracker = await open(url);
});

describe('syncing with Jira', () => {
  let jira: Jira;
  let deps: SyncDeps;
  let logged: string[];
  beforeEach(async () => {
    jira = await startJira();
    jira.index.lagMs = 0;
    deps = installation();
  });
  afterEach(() => jira.stop());

  function installation(options: Parameters<typeof makeInstallation>[2] = {}): SyncDeps {
    const made = makeInstallation(jira, tracker, options);
    logged = made.logged;
    return made.deps;
  }

  async function track(...keys: string[]): Promise<void> {
    const readings = await deps.services.jira.read(keys as IssueKey[]);
    const issues = [...readings.values()].map((reading) =>
      reading.state === 'shown' ? { issue: reading.issue, askedAs: [] } : assert.fail(reading.state),
    );
    const { tenant } = deps;
    const tracking = { tenant, channel: 'C1', issues, by: 'U1', door: 'command', messageLink: undefined };
    await tracker.track({ ...tracking, operation: randomUUID() });
  }

  /** What is stored of changes, as words, in the order in which they happened. */
  async function stored(): Promise<string[]> {
    const rows = await sql<Record<string, string | null>[]>`
      select issue_key, what, author, from_text, to_text, from_category, to_category from issue_changes
      join jira_issues using (tenant_id, site, issue_id) where tenant_id = ${deps.tenant} order by changed_at, what`;
    return rows.map((row) =>
      Object.values(row)
        .filter((value) => value !== null)
        .join(' '),
    );
  }

  const listed = async (key: string) => {
    const where = { tenant: deps.tenant, channel: 'C1', category: undefined, limit: 100, offset: 0 };
    return (await tracker.list(where)).issues.find((issue) => issue.key === key);
  };
  const synced = async () => (await tracker.checkup({ tenant: deps.tenant })).sync;
  const clearRequests = () => jira.resetRequests();

  test('by the delta stores every kind of change once, with who made it, and the issue as it is now', async () => {
    await track('PLAT-1', 'PLAT-2');
    const [first] = jira.issues.all().filter(({ key }) => key === 'PLAT-1');
    const before = first?.status.name;
    jira.issues.edit('PLAT-1', { status: 'Done' }, 'tobias');
    jira.issues.edit('PLAT-1', { summary: 'Another', assignee: null }, 'mara');
    jira.issues.edit('PLAT-2', { duedate: '2026-11-20', flagged: true }, 'yuki');
    const comment = jira.issues.comment('PLAT-2', 'Hello', 'tobias');
    jira.issues.editComment('PLAT-2', comment.id, 'Hello again', 'mara');
    await delta(deps);
    const changes = await stored();
    const has = (pattern: RegExp) =>
      assert.ok(
        changes.some((change) => pattern.test(change)),
        changes.join('\n'),
      );
    assert.equal(changes.length, 7, changes.join('\n'));
    has(new RegExp(`^PLAT-1 status Tobias Krämer ${before} Done \\w+ done$`));
    has(/^PLAT-1 summary Mara Lindqvist .* Another$/);
    has(/^PLAT-2 due date Yuki Tanaka 2026-11-20$/);
    has(/^PLAT-2 flagged Yuki Tanaka Impediment$/);
    has(/^PLAT-2 comment Tobias/);
    has(/^PLAT-2 comment edited Mara/);
    const { status, summary, assignee } = (await listed('PLAT-1')) ?? assert.fail();
    assert.deepEqual([status, summary, assignee], ['Done', 'Another', undefined]);
    await delta(deps);
    assert.deepEqual(await stored(), changes);
  });

  test('asks Jira once when nothing has changed, however many issues and projects there are, and writes one row', async () => {
    await track('PLAT-1', 'PLAT-2', 'SHOP-1', 'SHOP-2');
    await delta(deps);
    clearRequests();
    const versions = () => sql`
      select xmin::text from jira_issues where tenant_id = ${deps.tenant} order by issue_id`;
    const before = await versions();
    await delta(deps);
    assert.deepEqual([jira.count(), jira.count('search')], [1, 1]);
    assert.deepEqual([...(await versions())], [...before]);
  });

  test('counts nothing that happened before somebody tracked the issue, or in an issue that nobody tracks', async () => {
    jira.issues.edit('PLAT-1', { status: 'Done' });
    jira.issues.comment('PLAT-1', 'Before');
    await track('PLAT-1');
    jira.issues.comment('PLAT-1', 'After');
    jira.issues.edit('PLAT-3', { summary: 'Of nobody' });
    await delta(deps);
    assert.deepEqual(
      (await stored()).map((change) => change.split(' ').slice(0, 2).join(' ')),
      ['PLAT-1 comment'],
    );
  });

  test('brings the history of an issue that Refresh has read already', async () => {
    await track('PLAT-1');
    jira.issues.edit('PLAT-1', { status: 'Done' });
    await track('PLAT-1');
    assert.deepEqual(await stored(), []);
    await delta(deps);
    assert.equal((await stored()).length, 1);
  });

  test('reads the rest of a history that came truncated, and of many comments', async () => {
    await track('PLAT-1');
    jira.mostHistories = 2;
    jira.mostComments = 2;
    for (let n = 1; n <= 5; n++) {
      jira.issues.edit('PLAT-1', { summary: `Summary ${n}` });
      jira.issues.comment('PLAT-1', `Comment ${n}`);
    }
    await delta(deps);
    const changes = await stored();
    assert.equal(changes.filter((change) => change.includes(' summary ')).length, 5);
    assert.equal(changes.filter((change) => change.includes(' comment ')).length, 5);
  });

  test('leaves out a comment that only some people may read', async () => {
    await track('PLAT-1');
    jira.issues.comment('PLAT-1', 'For administrators', 'tobias', {
      visibility: { type: 'role', value: 'Administrators' },
    });
    await delta(deps);
    assert.deepEqual(await stored(), []);
  });

  test('leaves out a project that Jira refuses to search, names it, and goes on with the others', async () => {
    await track('PLAT-1', 'SHOP-1', 'OPS-1');
    jira.issues.forbidProject('OPS');
    jira.issues.edit('PLAT-1', { status: 'Done' });
    jira.issues.edit('SHOP-1', { status: 'Erledigt' });
    await delta(deps);
    assert.equal((await stored()).length, 2);
    assert.deepEqual((await synced())?.leftOut, ['OPS']);
    assert.ok(logged.some((line) => line.includes('OPS')));
    clearRequests();
    await delta(deps);
    assert.equal(jira.count('search'), 1);
    await sql`update jira_syncs set left_out_at = now() - interval '61 minutes' where tenant_id = ${deps.tenant}`;
    jira.issues.allowProject('OPS');
    jira.issues.edit('OPS-1', { status: 'Resolved' });
    await delta(deps);
    assert.equal((await stored()).length, 3);
    assert.deepEqual((await synced())?.leftOut, []);
  });

  test('asks again for what it missed while Jira did not answer, and says since when', async () => {
    await track('PLAT-1');
    await delta(deps);
    jira.trouble('search', { kind: 'server_error', status: 503 });
    jira.issues.edit('PLAT-1', { status: 'Done' });
    await delta(deps);
    const failing = await synced();
    assert.equal(failing?.failing?.trouble, 'no_answer');
    await sql`update jira_syncs set delta_at = now() - interval '3 days' where tenant_id = ${deps.tenant}`;
    jira.trouble('search', undefined);
    clearRequests();
    await delta(deps);
    assert.match(JSON.stringify(jira.requests[0]?.body), /updated >= \\"-432\dm\\"/);
    assert.equal((await stored()).length, 1);
    assert.equal((await synced())?.failing, undefined);
  });

  test('lets a list say up to when it has read, but not for a project that it leaves out, until the issue is read again', async () => {
    await track('PLAT-1', 'OPS-1');
    const old = await sql<{ now: Date }[]>`
      update jira_issues set synced_at = now() - interval '20 minutes' where tenant_id = ${deps.tenant} returning now()`;
    const readSince = async (key: string) => +((await listed(key))?.syncedAt ?? 0) >= +(old[0]?.now ?? 0);
    assert.equal(await readSince('PLAT-1'), false);
    await delta(deps);
    assert.deepEqual([await readSince('PLAT-1'), await readSince('OPS-1')], [true, true]);
    jira.issues.forbidProject('OPS');
    await delta(deps);
    assert.deepEqual([await readSince('PLAT-1'), await readSince('OPS-1')], [true, false]);
    jira.issues.allowProject('OPS');
    await sql`update jira_syncs set left_out_at = now() - interval '61 minutes' where tenant_id = ${deps.tenant}`;
    await delta(deps);
    assert.deepEqual([await readSince('PLAT-1'), await readSince('OPS-1')], [true, false]);
    await sql`update jira_issues set synced_at = now() where tenant_id = ${deps.tenant}`;
    await delta(deps);
    assert.deepEqual([await readSince('PLAT-1'), await readSince('OPS-1')], [true, true]);
  });

  test('lets a list say up to nothing for an issue from before the first time that it read the project', async () => {
    await track('PLAT-1');
    await sql`update jira_issues set synced_at = now() - interval '3 days' where tenant_id = ${deps.tenant}`;
    await delta(deps);
    assert.ok(Date.now() - +((await listed('PLAT-1'))?.syncedAt ?? 0) > 86_400_000);
  });

  test('lets a list say since when Jira has not answered', async () => {
    await track('PLAT-1');
    await delta(deps);
    jira.trouble('search', { kind: 'server_error', status: 503 });
    await delta(deps);
    const issue = await listed('PLAT-1');
    assert.equal(issue?.failing?.trouble, 'no_answer');
    assert.ok(issue.failing.since >= issue.syncedAt);
    jira.trouble('search', undefined);
    await delta(deps);
    assert.equal((await listed('PLAT-1'))?.failing, undefined);
  });

  test('keeps installations apart', async () => {
    await track('PLAT-1');
    const other = installation();
    jira.issues.edit('PLAT-1', { status: 'Done' });
    await delta(other);
    assert.deepEqual(await stored(), []);
    assert.notEqual((await listed('PLAT-1'))?.status, 'Done');
  });

  const makeOld = () => sql`
    update jira_issues set synced_at = now() - interval '2 hours' where tenant_id = ${deps.tenant}`;

  test('by the sweep heals what moved, was deleted, or was hidden, and what is visible again', async () => {
    await track('PLAT-1', 'PLAT-2', 'PLAT-3');
    const moved = jira.issues.move('PLAT-1', 'SHOP');
    jira.issues.remove('PLAT-2');
    jira.issues.forbid('PLAT-3');
    await makeOld();
    await sweep(deps);
    assert.equal((await listed(moved.key))?.goneAt, undefined);
    assert.ok((await listed('PLAT-2'))?.goneAt !== undefined && (await listed('PLAT-3'))?.goneAt !== undefined);
    jira.issues.allow('PLAT-3');
    await makeOld();
    await sweep(deps);
    assert.equal((await listed('PLAT-3'))?.goneAt, undefined);
    const changes = (await stored()).map((change) => change.split(' ').slice(0, 2).join(' '));
    assert.deepEqual(changes.toSorted(), [
      'PLAT-2 hidden',
      'PLAT-3 hidden',
      'PLAT-3 visible',
      `${moved.key} moved`,
      `${moved.key} status`,
    ]);
  });

  test('by the sweep brings changes that neither webhook nor delta reported, and forgets those of an issue that is hidden', async () => {
    await track('PLAT-1', 'PLAT-2');
    jira.issues.edit('PLAT-1', { status: 'Done' });
    jira.issues.edit('PLAT-2', { summary: 'Secret' });
    await makeOld();
    await sweep(deps);
    assert.equal((await stored()).length, 2);
    jira.issues.forbid('PLAT-2');
    await makeOld();
    await sweep(deps);
    assert.ok(!(await stored()).join().includes('Secret'));
  });

  test('by the sweep takes a call for a hundred issues, goes on where it stopped, and begins anew after the last', async () => {
    const keys = Array.from({ length: 250 }, (_, n) => jira.issues.create('PLAT', { summary: `Issue ${n}` }).key);
    for (let i = 0; i < keys.length; i += 100) await track(...keys.slice(i, i + 100));
    await makeOld();
    await deps.services.jira.siteId();
    clearRequests();
    await sweep(deps);
    assert.deepEqual([jira.count(), jira.count('bulkfetch')], [3, 3]);
    clearRequests();
    await sweep(deps);
    assert.equal(jira.count(), 0);
    await makeOld();
    await sweep(deps);
    assert.equal(jira.count('bulkfetch'), 3);
  });
});
