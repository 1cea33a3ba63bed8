import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Tracker } from '../../../src/tracker/index.ts';
import { until } from '../../maro.ts';
import { openWire } from '../../wire.ts';
import { connect, holdLock, issue, issues, listing, makeDatabase, open, tracking, waitingForLocks } from './example.ts';

describe('to track', () => {
  let url: string;
  let sql: postgres.Sql;
  let tracker: Tracker;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });

  test('keeps who, when, through which door and all that is known of the issue', async () => {
    const channel = 'C-added';
    const before = new Date();
    const bare = issue(2, { assignee: undefined, type: undefined, priority: undefined, updatedAt: undefined });
    const added = await tracker.track(tracking([issue(1), bare], { channel, messageLink: 'https://slack.example/p1' }));
    assert.deepEqual(added, new Set(['10001', '10002']));

    const { issues } = await tracker.list(listing({ channel }));
    for (const { trackedAt, syncedAt } of issues) {
      // Two clocks of one machine may differ by what the driver rounds off.
      assert.ok(trackedAt.getTime() >= before.getTime() - 1 && syncedAt.getTime() >= before.getTime() - 1);
    }
    const kept = { trackedBy: 'U1', door: 'command', messageLink: 'https://slack.example/p1' };
    assert.deepEqual(
      issues.map(({ siteId, trackedAt, syncedAt, failing, goneAt, ...rest }) => rest),
      [
        { ...bare, ...kept },
        { ...issue(1), ...kept },
      ],
    );
  });

  test('an issue again gives it a new time and person, and never a second row', async () => {
    const channel = 'C-again';
    await tracker.track(tracking([issue(1)], { channel, by: 'U1', door: 'command' }));
    await sql`update tracked_issues set tracked_at = '2026-01-01' where channel_id = ${channel}`;
    const added = await tracker.track(tracking([issue(1)], { channel, by: undefined, door: 'step' }));
    const { issues } = await tracker.list(listing({ channel }));
    assert.equal(added.size, 0);
    assert.deepEqual(
      issues.map(({ trackedBy, door }) => ({ trackedBy, door })),
      [{ trackedBy: undefined, door: 'step' }],
    );
    assert.ok(issues[0] && issues[0].trackedAt > new Date('2026-01-02'));
  });

  test('an issue again without a message keeps the link to the one before', async () => {
    const channel = 'C-link';
    const linkAfter = async (messageLink: string | undefined) => {
      await tracker.track(tracking([issue(1)], { channel, messageLink }));
      return (await tracker.list(listing({ channel }))).issues[0]?.messageLink;
    };
    assert.equal(await linkAfter('https://slack.example/p1'), 'https://slack.example/p1');
    assert.equal(await linkAfter(undefined), 'https://slack.example/p1');
    assert.equal(await linkAfter('https://slack.example/p2'), 'https://slack.example/p2');
  });

  test('a repeated operation says of its own work that it was done, and another operation does not', async () => {
    const channel = 'C-repeated';
    const operation = tracking([issue(1), issue(2)], { channel });
    await tracker.track(tracking([issue(2)], { channel }));
    assert.deepEqual(await tracker.track(operation), new Set(['10001']));
    assert.deepEqual(await tracker.track(operation), new Set(['10001']));
    assert.deepEqual(await tracker.track(tracking([issue(1), issue(2)], { channel })), new Set());
    assert.deepEqual(await tracker.track(operation), new Set(['10001']));
  });

  test('a statement whose answer got lost on the way is sent again, and recognises its own row', async () => {
    const channel = 'C-lost';
    const wire = await openWire(url);
    const tracker = await open(wire.url);
    await tracker.track(tracking([issue(1)], { channel }));
    const release = await holdLock(sql, (sql) => sql`lock table tracked_issues in exclusive mode`);
    const answer = tracker.track(tracking([issue(1), issue(2)], { channel }));
    await waitingForLocks(sql, 1);
    // The backend does not notice, since it waits: it will do its work and find nobody to tell.
    wire.cut();
    await waitingForLocks(sql, 2);
    await release();
    assert.deepEqual(await answer, new Set(['10002']));
    // The one that nobody waits for may be the later of the two.
    await until(async () => {
      const [row] = await sql`
        select xmax::text <> '0' as written_twice from tracked_issues where channel_id = ${channel} and issue_id = '10002'`;
      return row?.written_twice === true;
    }, 'it is written twice');
  });

  test('the keys that an issue had are kept, each once, and never the one it has', async () => {
    const formerKeys = async () =>
      (await sql`select former_keys from jira_issues where issue_id = '10077'`)[0]?.former_keys.sort();
    const as = (key: string, ...askedAs: string[]) => ({
      ...tracking([]),
      channel: 'C-former',
      issues: [{ issue: issue(77, { key }), askedAs }],
    });
    await tracker.track(as('PLAT-77', 'PLAT-77'));
    assert.deepEqual(await formerKeys(), []);
    await tracker.track(as('PLAT-77', 'OLD-1', 'PLAT-77', 'OLDER-1'));
    assert.deepEqual(await formerKeys(), ['OLD-1', 'OLDER-1']);
    await tracker.track(as('NEW-1', 'NEW-1', 'OLD-1'));
    assert.deepEqual(await formerKeys(), ['OLD-1', 'OLDER-1', 'PLAT-77']);
    await tracker.track(as('PLAT-77', 'PLAT-77'));
    assert.deepEqual(await formerKeys(), ['NEW-1', 'OLD-1', 'OLDER-1']);
  });

  test("an answer of Jira's that is older than what is known changes nothing that is known", async () => {
    const channel = 'C-older';
    const at = (second: number, summary: string) =>
      tracking([issue(88, { summary, updatedAt: new Date(1_700_000_000_000 + second * 1_000) })], { channel });
    const summaryAfter = async (second: number, summary: string) => {
      await tracker.track(at(second, summary));
      return (await tracker.list(listing({ channel }))).issues[0]?.summary;
    };
    assert.equal(await summaryAfter(5, 'known'), 'known');
    assert.equal(await summaryAfter(4, 'older'), 'known');
    assert.equal(await summaryAfter(5, 'as old'), 'as old');
    assert.equal(await summaryAfter(6, 'newer'), 'newer');
  });

  test('a hundred issues are tracked at once, and only the new ones are said to be', async () => {
    const channel = 'C-hundred';
    const all = issues(100, { site: 'https://hundred.example' });
    await tracker.track(tracking(all.slice(40, 60), { channel }));
    const added = await tracker.track(tracking(all, { channel }));
    const new_ = [...all.slice(0, 40), ...all.slice(60)].map(({ id }) => id);
    assert.deepEqual([...added].sort(), new_.sort());
    const listed = (await tracker.list(listing({ channel }))).issues.map(({ key }) => key);
    assert.deepEqual(listed.sort(), all.map(({ key }) => key).sort());
  });

  test('whatever people write is kept as it is', async () => {
    const texts = [
      `'); drop table tracked_issues; --`,
      `"}',$1,$$;\\`,
      '\\',
      '\\"',
      '{a,"b",NULL}',
      'null',
      '',
      ' ',
      `a\nb\tc\r`,
      '%s $1 :name ?',
      '👩‍👩‍👧‍👦 ‮ right to left ‬ é',
      '🦀'.repeat(127),
      'x'.repeat(255),
    ];
    for (const [i, text] of texts.entries()) {
      const changes = { key: text, summary: text, status: text, assignee: text, type: text, priority: text };
      const hostile = issue(i, { site: `https://${text}`, ...changes });
      const [tenant, channel] = [`T ${text}`, `C ${text}`];
      const operation = tracking([hostile], { tenant, channel, by: text, messageLink: text, operation: text });
      assert.deepEqual(await tracker.track(operation), new Set([hostile.id]));
      const { issues } = await tracker.list(listing({ tenant, channel }));
      assert.deepEqual(
        issues.map(({ siteId, trackedAt, syncedAt, failing, goneAt, ...rest }) => rest),
        [{ ...hostile, trackedBy: text, door: 'command', messageLink: text }],
      );
      const { key, site } = hostile;
      assert.deepEqual(await tracker.untrack({ tenant, channel, which: { keys: [text] }, operation: randomUUID() }), [
        { askedAs: text, key, site },
      ]);
    }
  });

  test('a text is kept whole however long it is', async () => {
    const channel = 'C-long';
    const summary = '字'.repeat(40_000);
    await tracker.track(tracking([issue(99, { summary })], { channel }));
    assert.equal((await tracker.list(listing({ channel }))).issues[0]?.summary, summary);
  });
});
