import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

type Page = { startAt: number; maxResults: number; total: number; issueTypes: { name: string }[]; fields: Field[] };
type Field = { fieldId: string; required: boolean; hasDefaultValue: boolean };

async function get<T = Page>(jira: Jira, path: string): Promise<T> {
  const response = await ask(jira, path);
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

describe('what a new issue may be', { concurrency: true }, () => {
  test('the types of a project, by key or id, come in pages', async (t) => {
    const jira = await started(t);
    const types = 'issue/createmeta/SHOP/issuetypes';
    const names = ['Epic', 'Story', 'Aufgabe', 'Fehler', 'Unteraufgabe'];
    const all = await get(jira, types);
    assert.deepEqual([all.startAt, all.maxResults, all.total], [0, 50, 5]);
    assert.deepEqual(
      all.issueTypes.map(({ name }) => name),
      names,
    );
    assert.equal((await get(jira, 'issue/createmeta/10001/issuetypes?maxResults=900')).maxResults, 200);
    const page = await get(jira, `${types}?startAt=3&maxResults=1`);
    assert.deepEqual(
      page.issueTypes.map(({ name }) => name),
      ['Fehler'],
    );
    jira.mostAPage = 2;
    assert.equal((await get(jira, `${types}?maxResults=200`)).issueTypes.length, 2);
  });

  test('the fields of a type say what is required and what has a default', async (t) => {
    const jira = await started(t);
    const { fields, total } = await get(jira, 'issue/createmeta/OPS/issuetypes/10021');
    assert.equal(fields.length, total);
    const needed = fields.filter((field) => field.required && !field.hasDefaultValue).map(({ fieldId }) => fieldId);
    const custom = [40, 41, 42, 43, 44, 45, 46].map((n) => `customfield_100${n}`);
    assert.deepEqual(needed, ['summary', 'issuetype', 'project', 'reporter', ...custom]);
    const subTask = await get(jira, 'issue/createmeta/OPS/issuetypes/10024');
    assert.ok(subTask.fields.some(({ fieldId, required }) => fieldId === 'parent' && required));
  });

  test('there is nothing of a project that is forbidden or missing, nor of a type that the project lacks', async (t) => {
    const jira = await started(t);
    for (const path of ['HR/issuetypes', 'NOPE/issuetypes', 'HR/issuetypes/10030', 'PLAT/issuetypes/10021']) {
      assert.equal((await ask(jira, `issue/createmeta/${path}`)).status, 400, path);
    }
  });
});

describe('the directory', { concurrency: true }, () => {
  type Projects = { values: { key: string }[]; total: number; isLast: boolean; nextPage?: string };
  const keys = ({ values }: Projects) => values.map(({ key }) => key);

  test('projects are found by key or name, by a list of keys, in order and in pages', async (t) => {
    const jira = await started(t);
    const table: [query: string, keys: string[]][] = [
      ['', ['OPS', 'PLAT', 'SHOP']],
      ['?orderBy=-name', ['SHOP', 'PLAT', 'OPS']],
      ['?query=PLATF', ['PLAT']],
      ['?query=op&action=create', ['OPS', 'SHOP']],
      ['?keys=SHOP&keys=HR&keys=NOPE', ['SHOP']],
      ['?query=personnel', []],
      ['?startAt=1&maxResults=1', ['PLAT']],
    ];
    for (const [query, expected] of table) {
      assert.deepEqual(keys(await get<Projects>(jira, `project/search${query}`)), expected, query);
    }
    for (const query of ['?keys=SHOP,OPS', `?${Array(51).fill('keys=A').join('&')}`]) {
      assert.equal((await ask(jira, `project/search${query}`)).status, 400, query);
    }
    const first = await get<Projects>(jira, 'project/search?maxResults=2&query=p');
    assert.deepEqual([keys(first), first.isLast, first.total], [['OPS', 'PLAT'], false, 3]);
    assert.deepEqual(keys((await (await ask(jira, first.nextPage ?? '')).json()) as Projects), ['SHOP']);
  });

  test('people whom a project can be assigned to are found by the beginning of a name', async (t) => {
    const jira = await started(t);
    const names = async (query: string) =>
      (await get<{ displayName: string }[]>(jira, `user/assignable/search?${query}`)).map((user) => user.displayName);
    assert.deepEqual(await names('project=PLAT&query=ma'), ['Mara Lindqvist']);
    assert.deepEqual(await names('project=10000&query=kr%C3%A4'), ['Tobias Krämer']);
    assert.equal((await names('project=PLAT&query=')).length, 5);
    assert.deepEqual(await names('issueKey=PLAT-1&query=ma'), ['Mara Lindqvist']);
    assert.equal((await names('project=PLAT&query=&maxResults=2')).length, 2);
    assert.deepEqual(await names('project=PLAT&accountId=5b10a2844c20165700ede213'), ['Yuki Tanaka']);
    for (const [query, status] of [
      ['query=ma', 400],
      ['project=PLAT', 400],
      ['project=PLAT&query=a&accountId=b', 400],
      ['project=HR&query=ma', 404],
      ['issueKey=PLAT-9999&query=ma', 404],
    ] as const) {
      assert.equal((await ask(jira, `user/assignable/search?${query}`)).status, status, query);
    }
  });
});
