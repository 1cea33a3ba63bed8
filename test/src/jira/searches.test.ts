import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { known, said, startClient } from './ask.ts';

describe('type-ahead', { concurrency: true }, () => {
  test('is one call, by words or by the beginning of a key', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    assert.deepEqual(
      known(await jira.picker(' clock ')).map(({ key }) => key),
      ['PLAT-6', 'PLAT-5'],
    );
    assert.deepEqual(known(await jira.picker('plat-24')), [
      { key: 'PLAT-24', summary: 'Warn before a contract renews itself' },
    ]);
    assert.equal(site.count(), 2);
    assert.deepEqual(known(await jira.picker('Gutschein')), [], 'JIRA_PROJECTS leaves SHOP out');
    assert.deepEqual([known(await jira.picker(' ')), site.count()], [[], 3]);
    site.trouble('picker', { kind: 'html' });
    assert.equal(said(await jira.picker('clock')), 'unreadable');
  });
});

describe('a query', { concurrency: true }, () => {
  test('is counted, and found page by page in its order, as many as are wanted', async (t) => {
    const { site, jira } = await startClient(t);
    const jql = 'project = PLAT AND issuetype = Bug ORDER BY created DESC';
    const all = known(await jira.find(jql, 500));
    assert.deepEqual([known(await jira.count(jql)), all.isComplete], [all.issues.length, true]);
    const keys = all.issues.map(({ key }) => key);
    site.mostAPage = 3;
    site.resetRequests();
    const some = known(await jira.find(jql, 7));
    assert.deepEqual([some.issues.map(({ key }) => key), some.isComplete], [keys.slice(0, 7), false]);
    assert.equal(site.count('search'), 3);
    assert.equal(some.issues[0]?.site, await jira.site());
  });

  test('shows no issue of a project that JIRA_PROJECTS leaves out', async (t) => {
    const { jira } = await startClient(t, { projects: ['SHOP'] });
    const { issues } = known(await jira.find('created <= "-0m" ORDER BY created DESC', 500));
    assert.deepEqual([...new Set(issues.map(({ key }) => key.split('-')[0]))], ['SHOP']);
  });

  test('that Jira does not take is refused in Jira’s words', async (t) => {
    const { site, jira } = await startClient(t);
    const reason = "The value 'GONE' does not exist for the field 'project'.";
    for (const asked of [await jira.count('project = GONE'), await jira.find('project = GONE', 10)]) {
      assert.equal(asked.state === 'refused' && asked.reason, reason);
    }
    site.trouble('search', { kind: 'cut' });
    assert.equal(said(await jira.find('project = PLAT', 10)), 'no_answer');
    site.trouble('count', { kind: 'cut', times: 1 });
    assert.ok(known(await jira.count('project = PLAT')) > 0, 'a read is sent once more');
  });
});

test('saved filters are found by a part of their name', async (t) => {
  const { site, jira } = await startClient(t);
  site.filters.push({ id: '10401', name: 'My work', jql: 'project = SHOP' });
  assert.deepEqual(known(await jira.filters(' OPEN b')), ['Open bugs']);
  assert.deepEqual(known(await jira.filters('')), ['My work', 'Open bugs']);
  site.trouble('filters', { kind: 'no_fields' });
  assert.equal(said(await jira.filters('x')), 'unreadable');
});
