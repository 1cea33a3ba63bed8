import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, started } from '../../../sandbox/jira/ask.ts';
import { type Jira, startJira } from '../../../sandbox/jira/index.ts';

type History = { id: string; created: unknown; items: { field: string; toString: string }[] };
type Fetched = { issueChangeLogs: { issueId: string; changeHistories: History[] }[]; nextPageToken?: string };
type Found = {
  issues: {
    changelog: { startAt: number; maxResults: number; total: number; histories: History[] };
    fields: { comment: { comments: { id: string }[]; maxResults: number; total: number; startAt: number } };
  }[];
};

async function fetched(jira: Jira, body: object): Promise<Fetched> {
  const response = await ask(jira, 'changelog/bulkfetch', { body });
  assert.equal(response.status, 200);
  return (await response.json()) as Fetched;
}

async function found(jira: Jira, jql: string): Promise<Found['issues']> {
  jira.index.catchUp();
  const response = await ask(jira, 'search/jql', { body: { jql, fields: ['comment'], expand: 'changelog' } });
  assert.equal(response.status, 200);
  return ((await response.json()) as Found).issues;
}

const summaries = (histories: History[]) => histories.flatMap(({ items }) => items.map((item) => item.toString));

test('changelogs of many issues come page by page, the oldest first', async (t) => {
  const jira = await started(t);
  const { issues } = jira;
  for (let n = 1; n <= 3; n++) {
    for (const key of ['PLAT-1', 'PLAT-2']) issues.edit(key, { summary: `${key} for the ${n}th time` });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const request = { issueIdsOrKeys: ['PLAT-2', 'PLAT-1', 'plat-2', 'PLAT-80', 'PLAT-4711'], maxResults: 4 };
  const first = await fetched(jira, request);
  const second = await fetched(jira, { ...request, nextPageToken: first.nextPageToken });
  assert.equal(second.nextPageToken, undefined);
  const pages = [first, second].map(({ issueChangeLogs }) =>
    issueChangeLogs.map(({ issueId, changeHistories }) => [issueId, changeHistories.length]),
  );
  assert.deepEqual(pages, [
    [
      ['10102', 2],
      ['10103', 2],
    ],
    [
      ['10102', 1],
      ['10103', 1],
    ],
  ]);
  const ofOne = [first, second].flatMap(({ issueChangeLogs }) =>
    issueChangeLogs.filter(({ issueId }) => issueId === '10102').flatMap((each) => each.changeHistories),
  );
  assert.deepEqual(
    summaries(ofOne),
    [1, 2, 3].map((n) => `PLAT-1 for the ${n}th time`),
  );
});

test('with field ids, only the items of these fields come', async (t) => {
  const jira = await started(t);
  jira.issues.edit('PLAT-3', { summary: 'New', status: 'Done' });
  jira.issues.edit('PLAT-3', { summary: 'Newer' });
  jira.issues.move('PLAT-3', 'SHOP');
  const { issueChangeLogs } = await fetched(jira, { issueIdsOrKeys: ['10104'], fieldIds: ['status', 'Key'] });
  const histories = issueChangeLogs.flatMap(({ changeHistories }) => changeHistories);
  assert.deepEqual(
    histories.map(({ items }) => items.map(({ field }) => field)),
    [['status'], ['status']],
  );
});

test('the time of a change is written as the schema says, or as the example does', async (t) => {
  const jira = await started(t);
  const { updated } = jira.issues.edit('PLAT-3', { status: 'Done' });
  const created = async () => {
    const { issueChangeLogs } = await fetched(jira, { issueIdsOrKeys: ['PLAT-3'] });
    return issueChangeLogs[0]?.changeHistories[0]?.created;
  };
  assert.equal(await created(), updated.toISOString().replace('Z', '+0000'));
  jira.changelogTimes = 'seconds';
  assert.equal(await created(), Math.floor(+updated / 1_000));
  jira.changelogTimes = 'milliseconds';
  assert.equal(await created(), +updated);
});

test('a search gives the newest histories and the oldest comments, and says how many there are', async (t) => {
  const jira = await started(t);
  const { issues } = jira;
  jira.mostHistories = 2;
  jira.mostComments = 2;
  for (let n = 1; n <= 3; n++) issues.edit('PLAT-3', { summary: `Number ${n}` });
  const ids = [1, 2, 3].map((n) => issues.comment('PLAT-3', `Number ${n}`).id);
  const [three, ...others] = await found(jira, 'project = PLAT AND updated >= -5m');
  assert.equal(others.length, 0);
  const { changelog, fields } = three as Found['issues'][number];
  assert.deepEqual(summaries(changelog.histories), ['Number 3', 'Number 2']);
  assert.deepEqual([changelog.startAt, changelog.maxResults, changelog.total], [0, 2, 3]);
  assert.deepEqual(
    fields.comment.comments.map(({ id }) => id),
    ids.slice(0, 2),
  );
  assert.deepEqual([fields.comment.startAt, fields.comment.maxResults, fields.comment.total], [0, 2, 3]);
});

test('a search finds what was changed lately, once the index knows', async (t) => {
  const jira = await started(t);
  const jql = 'project in ("PLAT", "SHOP") AND updated >= "-5m"';
  jira.issues.edit('PLAT-3', { status: 'Done' });
  const soon = (await (await ask(jira, 'search/jql', { body: { jql } })).json()) as Found;
  assert.deepEqual(soon.issues, []);
  assert.equal((await found(jira, jql)).length, 1);
  jira.issues.comment('SHOP-1', 'A comment is a change, too.');
  assert.equal((await found(jira, jql)).length, 2);
  const count = await ask(jira, 'search/approximate-count', { body: { jql } });
  assert.deepEqual(await count.json(), { count: 2 });
});

test('the index never goes back to what an issue was before', async (t) => {
  const jira = await started(t);
  const open = 'project = PLAT AND statusCategory != Done AND updated >= -5m';
  jira.index.lagMs = 50;
  jira.issues.edit('PLAT-3', { status: 'Blocked' });
  jira.index.lagMs = 0;
  jira.issues.edit('PLAT-3', { status: 'Done' });
  jira.index.all();
  assert.deepEqual(await found(jira, open), []);
});

test('Jira has the time that a test gives it', async (t) => {
  let now = Date.parse('2027-03-01T09:00:00.000Z');
  const jira = await startJira({ now: () => now });
  t.after(() => jira.stop());
  const { updated } = jira.issues.edit('PLAT-3', { status: 'Done' });
  assert.equal(+updated, now);
  assert.equal((await found(jira, 'project = PLAT AND updated >= -5m')).length, 1);
  now += 360_000;
  assert.equal((await found(jira, 'project = PLAT AND updated >= -5m')).length, 0);
  assert.equal(+jira.issues.create('PLAT', { summary: 'Later' }).created, now);
});

for (const [says, body] of [
  ['no issues', { issueIdsOrKeys: [] }],
  ['more than 1,000 issues', { issueIdsOrKeys: Array.from({ length: 1_001 }, (_, n) => `PLAT-${n}`) }],
  ['more than 10 fields', { issueIdsOrKeys: ['PLAT-1'], fieldIds: [...'abcdefghijk'] }],
  ['a field twice', { issueIdsOrKeys: ['PLAT-1'], fieldIds: ['status', 'status'] }],
  ['no results', { issueIdsOrKeys: ['PLAT-1'], maxResults: 0 }],
  ['too many results', { issueIdsOrKeys: ['PLAT-1'], maxResults: 10_001 }],
  ['a token that it never gave', { issueIdsOrKeys: ['PLAT-1'], nextPageToken: 'x' }],
  ['a time, for which there is no parameter', { issueIdsOrKeys: ['PLAT-1'], since: '2026-11-28' }],
  ['numbers for ids', { issueIdsOrKeys: [10101] }],
] as const) {
  test(`changelogs are refused for ${says}`, async (t) => {
    assert.equal((await ask(await started(t), 'changelog/bulkfetch', { body })).status, 400);
  });
}
