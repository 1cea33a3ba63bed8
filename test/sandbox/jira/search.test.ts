import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, started, until } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

type Found = { issues: { id: string; key?: string; fields?: object }[]; isLast: boolean; nextPageToken?: string };

async function search(jira: Jira, jql: string, more: object = { fields: ['summary'] }) {
  const response = await ask(jira, 'search/jql', { body: { jql, ...more } });
  return { status: response.status, json: (await response.json()) as Found & { errorMessages: string[] } };
}

const keysFor = async (jira: Jira, jql: string) => (await search(jira, jql)).json.issues.map(({ key }) => key);

describe('searching by JQL', { concurrency: true }, () => {
  test('finds by project, category, text and age, in the order asked for', async (t) => {
    const jira = await started(t);
    const table: [jql: string, keys: string[]][] = [
      ['project = OPS ORDER BY key ASC', ['OPS-1', 'OPS-2', 'OPS-3', 'OPS-4']],
      ['project = "ops" AND created <= "-1m" ORDER BY created DESC', ['OPS-4', 'OPS-3', 'OPS-2', 'OPS-1']],
      ['project = OPS AND statusCategory != Done order by key', ['OPS-1', 'OPS-3', 'OPS-4']],
      ['project = OPS AND statusCategory = "Done"', ['OPS-2']],
      ['project = Webshop AND text ~ "umlaute OR lieferschein"', ['SHOP-5']],
      ['project = SHOP AND text ~ "fehlen umlaute"', ['SHOP-5']],
      ['project = PLAT AND issuetype = 10000 AND statusCategory != Done ORDER BY key ASC', ['PLAT-1', 'PLAT-8']],
      ['project = PLAT AND issuetype = "epic" ORDER BY key ASC', ['PLAT-1', 'PLAT-8']],
      ['project = SHOP AND text ~ "and"', []],
      ['project = OPS AND created >= -1h', []],
      ['project in ("ops") AND updated <= -1d ORDER BY updated DESC', ['OPS-4', 'OPS-3', 'OPS-2', 'OPS-1']],
      ['project IN (OPS, "Webshop",10000) AND statusCategory = Done AND text ~ "orders"', ['OPS-2']],
      ['parent = plat-1 ORDER BY key', ['PLAT-2', 'PLAT-3', 'PLAT-4']],
      ['parent = "LEGACY-7"', []],
      ['sprint = "sprint 12" AND project = SHOP', ['SHOP-5']],
      ['sprint = 31 ORDER BY key', ['PLAT-3', 'PLAT-5', 'PLAT-20', 'SHOP-5']],
      ['filter = "Open bugs" AND (text ~ "sign" AND (project = PLAT))', ['PLAT-5']],
      ['project in ("OPS", "PLAT") AND updated >= "-5m" ORDER BY updated ASC', []],
    ];
    for (const [jql, keys] of table) {
      assert.deepEqual(await keysFor(jira, jql), keys, jql);
    }
    const [most] = await keysFor(jira, 'project = SHOP AND text ~ "der OR warenkorb OR geräte"');
    assert.equal(most, 'SHOP-4', 'the one with the most of the words comes first');
  });

  test('hides what is forbidden', async (t) => {
    const jira = await started(t);
    assert.deepEqual(await keysFor(jira, 'project = PLAT AND text ~ "cookie OR debug"'), ['PLAT-16']);
    assert.equal((await search(jira, 'project = HR')).status, 400);
  });

  for (const [jql, message] of [
    ['', /Unbounded/],
    ['ORDER BY created DESC', /Unbounded/],
    ['project = NOPE', /The value 'NOPE' does not exist for the field 'project'/],
    ['project in (PLAT, "GONE")', /The value 'GONE' does not exist for the field 'project'\./],
    ['project in (GONE, PLAT, HR)', /^The value 'GONE' .*'project'\.,The value 'HR' does not exist for the field/],
    ['project in (PLAT', /Error in the JQL Query/],
    ['project in (PLAT,)', /Error in the JQL Query/],
    ['project in ()', /Error in the JQL Query/],
    ['project = PLAT AND updated >= "5m"', /Date value '5m' for field 'updated' is invalid/],
    ['project = PLAT AND issue.property[maro.request].id = "r1"', /Field 'issue\.property/],
    ['key in (PLAT-1, PLAT-4711)', /Error in the JQL Query/],
    ['parent = PLAT-4711', /An issue with key 'PLAT-4711' does not exist for field 'parent'/],
    ['parent = PLAT-80', /does not exist for field 'parent'/],
    ['sprint = "Sprint 1"', /The value 'Sprint 1' does not exist for the field 'Sprint'/],
    ['filter = Gone', /The value 'Gone' does not exist for the field 'filter'/],
    ['project = PLAT) AND (project = SHOP', /Error in the JQL Query/],
    ['summary ~ "x"', /does not support 'summary ~ "x"'/],
    ['status = "To Do"', /does not support/],
    ['project = PLAT OR project = SHOP', /Error in the JQL Query/],
    ['project = PLAT AND text ~ "a (b"', /Unable to parse the text/],
    ['project = PLAT AND text ~ ""', /Unable to parse the text/],
    ['project = PLAT AND text ~ "x', /quoted string/],
    ['project = PLAT AND statusCategory != Erledigt', /does not exist for the field 'statusCategory'/],
    ['project = PLAT AND created <= "2026-11-01"', /invalid/],
    ['project = PLAT ORDER BY rank', /Not able to sort/],
  ] as const) {
    test(`refuses: ${jql || 'nothing'}`, async (t) => {
      const { status, json } = await search(await started(t), jql);
      assert.equal(status, 400);
      assert.match(json.errorMessages.join(), message);
    });
  }

  test('refuses what does not fit the request, and says what is not played', async (t) => {
    const jira = await started(t);
    const jql = 'project = PLAT';
    for (const [more, status] of [
      [{ startAt: 0 }, 400],
      [{ maxResults: '5' }, 400],
      [{ fields: 'summary' }, 400],
      [{ nextPageToken: 'x' }, 400],
      [{ properties: ['maro.request'] }, 501],
      [{ expand: 'names' }, 501],
      [{ expand: 'changelog,names' }, 501],
      [{ expand: ['changelog'] }, 400],
      [{ reconcileIssues: [10101] }, 501],
    ] as const) {
      assert.equal((await search(jira, jql, more)).status, status, JSON.stringify(more));
    }
  });

  test('gives ids alone when no fields are asked for', async (t) => {
    const jira = await started(t);
    const { json } = await search(jira, 'project = OPS AND statusCategory = Done', {});
    assert.deepEqual(json, { issues: [{ id: jira.issues.find('OPS-2')?.id }], isLast: true });
  });

  test('goes on page by page with its token, which is good for the same query only', async (t) => {
    const jira = await started(t);
    const jql = 'project = OPS ORDER BY key';
    const first = await search(jira, jql, { fields: ['summary'], maxResults: 3 });
    assert.deepEqual([first.json.issues.length, first.json.isLast], [3, false]);
    const { nextPageToken } = first.json;
    const last = await search(jira, jql, { fields: ['summary'], nextPageToken });
    assert.deepEqual([last.json.issues.map(({ key }) => key), last.json.isLast], [['OPS-4'], true]);
    assert.equal((await search(jira, 'project = PLAT', { nextPageToken })).status, 400);
  });

  test('knows of a change late, by default two seconds and more', async (t) => {
    const jira = await started(t);
    const jql = 'project = OPS AND text ~ "lighthouse"';
    jira.issues.create('OPS', { summary: 'Lighthouse' });
    assert.deepEqual(await keysFor(jira, jql), []);
    jira.index.catchUp();
    assert.deepEqual(await keysFor(jira, jql), ['OPS-5']);

    jira.index.lagMs = Number.POSITIVE_INFINITY;
    jira.issues.edit('OPS-5', { status: 'Resolved' });
    assert.deepEqual(await keysFor(jira, `${jql} AND statusCategory != Done`), ['OPS-5']);
    jira.index.catchUp();
    assert.deepEqual(await keysFor(jira, `${jql} AND statusCategory != Done`), []);

    jira.index.lagMs = 5;
    jira.issues.create('OPS', { summary: 'Second lighthouse' });
    let found: unknown[] = [];
    await until(() => {
      void keysFor(jira, jql).then((keys) => {
        found = keys;
      });
      return found.length === 2;
    });
    jira.issues.remove('OPS-6');
    assert.deepEqual(await keysFor(jira, jql), ['OPS-5']);
  });
});

test('the issue picker suggests issues by key and words, among those of a query', async (t) => {
  const jira = await started(t);
  const pick = async (query: string, more = '') => {
    const path = `issue/picker?query=${encodeURIComponent(query)}${more}`;
    const { sections } = (await (await ask(jira, path)).json()) as { sections: { issues: { key: string }[] }[] };
    return sections.map(({ issues }) => issues.map(({ key }) => key));
  };
  const all = `&currentJQL=${encodeURIComponent('created <= -0m')}`;
  assert.deepEqual(await pick('sign in with', all), [[], ['PLAT-2']]);
  assert.deepEqual(await pick('sign in with'), [[]], 'without a query there is only what the account looked at');
  assert.deepEqual(await pick('ops-', `&currentJQL=${encodeURIComponent('statusCategory != Done')}`), [
    [],
    ['OPS-3', 'OPS-1'],
  ]);
  assert.deepEqual(await pick('ops-4', `${all}&showSubTasks=true`), [[], ['OPS-4']]);
  assert.deepEqual(await pick('', all), [[], []]);
  assert.deepEqual(await pick('ops', '&currentJQL=nonsense'), [[], []]);
  assert.equal((await ask(jira, 'issue/picker?query=x&currentIssueKey=PLAT-1')).status, 501);
});
