import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, issue, started } from '../../../sandbox/jira/ask.ts';
import type { Issues, Jira } from '../../../sandbox/jira/index.ts';

type Item = { field: string; from: string | null; fromString: string | null; to: string | null };
type Told = { id: string; author?: { accountId: string; displayName: string }; created: string; items: Item[] };

const MARA = '5b10a2844c20165700ede211';
const YUKI = '5b10a2844c20165700ede213';

/** An issue's histories, the oldest first. */
async function histories(jira: Jira, key: string, more: object = {}): Promise<Told[]> {
  const response = await ask(jira, 'changelog/bulkfetch', { body: { issueIdsOrKeys: [key], ...more } });
  assert.equal(response.status, 200);
  const { issueChangeLogs } = (await response.json()) as { issueChangeLogs: { changeHistories: Told[] }[] };
  return issueChangeLogs.flatMap(({ changeHistories }) => changeHistories);
}

const log = (field: string, from: [string | null, string | null], to: [string | null, string | null]) => ({
  field,
  fieldtype: 'jira',
  fieldId: field,
  from: from[0],
  fromString: from[1],
  to: to[0],
  toString: to[1],
});
const nothing: [null, null] = [null, null];

const table: [says: string, key: string, act: (issues: Issues) => void, items: object[]][] = [
  [
    'a status',
    'PLAT-3',
    (issues) => issues.edit('PLAT-3', { status: 'Done' }),
    [log('status', ['10103', 'In Review'], ['10105', 'Done'])],
  ],
  [
    'a summary',
    'OPS-4',
    (issues) => issues.edit('OPS-4', { summary: 'Write to all' }),
    [log('summary', [null, 'Write to the customers'], [null, 'Write to all'])],
  ],
  [
    'a new assignee',
    'OPS-3',
    (issues) => issues.edit('OPS-3', { assignee: 'mara' }),
    [log('assignee', nothing, [MARA, 'Mara Lindqvist'])],
  ],
  [
    'no assignee and no priority any more',
    'SHOP-13',
    (issues) => issues.edit('SHOP-13', { assignee: null, priority: null }),
    [log('assignee', [YUKI, 'Yuki Tanaka'], nothing), log('priority', ['3', 'Medium'], nothing)],
  ],
  [
    'an issue type',
    'PLAT-3',
    (issues) => issues.edit('PLAT-3', { type: 'Task' }),
    [log('issuetype', ['10001', 'Story'], ['10002', 'Task'])],
  ],
  [
    'labels and a due date',
    'PLAT-3',
    (issues) => issues.edit('PLAT-3', { labels: ['late', 'odd'], duedate: '2026-12-24' }),
    [log('labels', nothing, [null, 'late odd']), log('duedate', nothing, ['2026-12-24', '2026-12-24 00:00:00.0'])],
  ],
  [
    'a flag, which is a custom field',
    'PLAT-3',
    (issues) => issues.edit('PLAT-3', { flagged: true }),
    [
      {
        ...log('Flagged', ['', ''], ['[10019]', 'Impediment']),
        ...{ fieldtype: 'custom', fieldId: 'customfield_10021' },
      },
    ],
  ],
  [
    'a description',
    'OPS-4',
    (issues) => issues.edit('OPS-4', { description: null }),
    [log('description', [null, 'Write to the customers'], nothing)],
  ],
  [
    'a parent, by its id alone',
    'PLAT-3',
    (issues) => issues.edit('PLAT-3', { parent: 'PLAT-8' }),
    [
      {
        field: 'IssueParentAssociation',
        fieldtype: 'jira',
        from: '10102',
        fromString: null,
        to: '10110',
        toString: null,
      },
    ],
  ],
  [
    'a remote link',
    'PLAT-3',
    (issues) => issues.link('PLAT-3', { title: 'A message', url: 'https://slack.example' }),
    [
      {
        field: 'RemoteWorkItemLink',
        fieldtype: 'jira',
        from: null,
        fromString: null,
        to: '1010400',
        toString: 'This work item links to "A message"',
      },
    ],
  ],
  [
    'a move, with the key, and what the other project calls type and status',
    'PLAT-3',
    (issues) => issues.move('PLAT-3', 'SHOP'),
    [
      log('project', ['10000', 'Platform'], ['10001', 'Webshop']),
      { field: 'Key', fieldtype: 'jira', from: null, fromString: 'PLAT-3', to: null, toString: 'SHOP-81' },
      log('issuetype', ['10001', 'Story'], ['10011', 'Story']),
      log('status', ['10103', 'In Review'], ['10202', 'In Arbeit']),
    ],
  ],
];

for (const [says, key, act, items] of table) {
  test(`Jira logs ${says}`, async (t) => {
    const jira = await started(t);
    const before = await issue(jira, key);
    act(jira.issues);
    const [history, ...others] = await histories(jira, key);
    assert.deepEqual(others, []);
    assert.deepEqual(history?.items, items);
    assert.equal(history?.author?.accountId, MARA, 'the first person of the seed');
    const { updated } = (await issue(jira, key)).fields;
    assert.equal(updated, history?.created);
    assert.ok(String(updated) > String(before.fields.updated));
  });
}

test('what changes nothing, or is refused, leaves no history and no new time', async (t) => {
  const jira = await started(t);
  const { updated } = (await issue(jira, 'PLAT-3')).fields;
  jira.issues.edit('PLAT-3', { status: 'In Review', summary: String((await issue(jira, 'PLAT-3')).fields.summary) });
  assert.throws(() => jira.issues.edit('PLAT-3', { status: 'Done', assignee: 'nobody' }));
  assert.throws(() => jira.issues.edit('PLAT-3', { status: 'Done' }, 'nobody'));
  assert.deepEqual(await histories(jira, 'PLAT-3'), []);
  assert.equal((await issue(jira, 'PLAT-3')).fields.updated, updated);
});

test('histories have ascending ids over the whole site, and the author of the act', async (t) => {
  const jira = await started(t);
  const { issues } = jira;
  issues.edit('PLAT-3', { status: 'Done' }, 'yuki');
  issues.edit('OPS-3', { status: 'Resolved' }, null);
  issues.edit('PLAT-3', { status: 'To Do' }, 'maro');
  const [yuki, maro] = await histories(jira, 'PLAT-3');
  const [nobody] = await histories(jira, 'OPS-3');
  assert.deepEqual([yuki?.author?.displayName, maro?.author?.displayName], ['Yuki Tanaka', 'Maro']);
  assert.equal(nobody?.author, undefined);
  const ids = [yuki, nobody, maro].map((history) => Number(history?.id));
  assert.deepEqual(ids, [ids[0], Number(ids[0]) + 1, Number(ids[0]) + 2]);
});

test('what Maro does over the API is done by its account', async (t) => {
  const jira = await started(t);
  const object = { title: 'A message', url: 'https://slack.example' };
  for (let i = 0; i < 2; i++) await ask(jira, 'issue/PLAT-3/remotelink', { body: { object, globalId: 'g' } });
  const [history, ...others] = await histories(jira, 'PLAT-3');
  assert.deepEqual(others, [], 'a link that is there already is no change');
  const myself = (await (await ask(jira, 'myself')).json()) as { accountId: string };
  assert.equal(history?.author?.accountId, myself.accountId);
});

test('an issue is resolved since its status says so, whatever is said about it later', async (t) => {
  const jira = await started(t);
  jira.issues.edit('PLAT-3', { status: 'Done' });
  const { updated } = (await issue(jira, 'PLAT-3')).fields;
  jira.issues.comment('PLAT-3', 'At last.');
  const { fields } = await issue(jira, 'PLAT-3');
  assert.deepEqual([fields.resolutiondate, fields.updated !== updated], [updated, true]);
});

test('hiding a project hides its issues, and leaves no trace on them', async (t) => {
  const jira = await started(t);
  const before = await issue(jira, 'SHOP-1');
  jira.issues.forbidProject('SHOP');
  for (const path of ['issue/SHOP-1', 'issue/SHOP-1/comment']) assert.equal((await ask(jira, path)).status, 404);
  assert.deepEqual(await histories(jira, 'SHOP-1'), []);
  const body = { jql: 'project in (PLAT, SHOP)' };
  assert.equal((await ask(jira, 'search/jql', { body })).status, 400);
  const other = await started(t);
  assert.equal((await ask(other, 'issue/SHOP-1')).status, 200, 'another stand-in is another site');
  jira.issues.allowProject('SHOP');
  assert.deepEqual(await issue(jira, 'SHOP-1'), { ...before, self: before.self });
});
