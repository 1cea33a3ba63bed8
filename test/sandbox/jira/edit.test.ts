import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, issue, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

const YUKI = '5b10a2844c20165700ede213';

async function send(jira: Jira, method: string, path: string, body?: object | string): Promise<[number, unknown]> {
  const response = await ask(jira, path, { method, body });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

const errors = (all: object) => ({ errorMessages: [], errors: all });

test('an edit sets fields in one history, and labels can be added and removed', async (t) => {
  const jira = await started(t);
  const fields = { summary: ' New ', priority: { name: 'Low' }, labels: ['a', 'b'], duedate: '2026-12-24' };
  assert.deepEqual(await send(jira, 'PUT', 'issue/PLAT-4', { fields }), [204, undefined]);
  const update = { labels: [{ add: 'c' }, { remove: 'a' }] };
  assert.deepEqual(await send(jira, 'PUT', 'issue/PLAT-4', { update }), [204, undefined]);
  const told = (await issue(jira, 'PLAT-4')).fields;
  assert.deepEqual([told.summary, told.labels, told.duedate], ['New', ['b', 'c'], '2026-12-24']);
  const [first, second] = jira.issues.find('PLAT-4')?.histories ?? [];
  assert.deepEqual(
    first?.items.map(({ field }) => field),
    ['summary', 'priority', 'labels', 'duedate'],
  );
  assert.deepEqual([second?.items.length, second?.author?.displayName], [1, 'Maro']);
});

test('an edit that Jira does not take says so by field, and changes nothing', async (t) => {
  const jira = await started(t);
  const off = (field: string) => `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
  for (const [key, fields, complaints] of [
    ['PLAT-4', { summary: 'x'.repeat(256) }, { summary: "Summary can't exceed 255 characters." }],
    ['PLAT-4', { summary: null }, { summary: 'You must specify a summary of the issue.' }],
    [
      'PLAT-4',
      { priority: { id: '9' }, labels: ['a b'] },
      { priority: 'Specify a valid priority.', labels: 'The label contains spaces which is invalid.' },
    ],
    ['PLAT-4', { duedate: '24.12.' }, { duedate: 'Error parsing date string: expected yyyy-MM-dd.' }],
    [
      'PLAT-4',
      { resolution: { name: 'Done' }, issuetype: { id: '1' } },
      { resolution: off('resolution'), issuetype: off('issuetype') },
    ],
    ['PLAT-4', { colour: 'red' }, { colour: off('colour') }],
    ['OPS-2', { customfield_10040: '' }, { customfield_10040: 'Error code is required.' }],
  ] as const) {
    assert.deepEqual(await send(jira, 'PUT', `issue/${key}`, { fields }), [400, errors(complaints)]);
    assert.deepEqual(jira.issues.find(key)?.histories, []);
  }
  jira.permissions.delete('EDIT_ISSUES');
  const refused = errors({ summary: off('summary') });
  assert.deepEqual(await send(jira, 'PUT', 'issue/PLAT-4', { fields: { summary: 'x' } }), [400, refused]);
  assert.deepEqual(await send(jira, 'GET', 'issue/PLAT-4/editmeta'), [200, { fields: {} }]);
});

test('an issue is assigned to somebody who can be, to nobody, and by nobody without the permission', async (t) => {
  const jira = await started(t);
  jira.people = { ...jira.people, guest: { accountId: 'guest', displayName: 'Gus Guest', notAssignable: true } };
  const put = (accountId: unknown) => send(jira, 'PUT', 'issue/PLAT-4/assignee', { accountId });
  const assignee = () => jira.issues.find('PLAT-4')?.assignee?.displayName;
  assert.deepEqual([await put(YUKI), assignee()], [[204, undefined], 'Yuki Tanaka']);
  assert.deepEqual(await put('guest'), [400, errors({ assignee: "User 'guest' cannot be assigned issues." })]);
  assert.deepEqual(await put('nobody'), [400, errors({ assignee: 'User does not exist.' })]);
  assert.deepEqual([await put(null), assignee()], [[204, undefined], undefined]);
  const [, found] = await send(jira, 'GET', 'user/assignable/search?issueKey=PLAT-4&query=g');
  assert.deepEqual(found, []);
  assert.equal((await send(jira, 'GET', 'user/assignable/search?issueKey=PLAT-80&query=g'))[0], 404);
  jira.permissions.delete('ASSIGN_ISSUES');
  assert.equal((await put(YUKI))[0], 403);
});

test('a comment of Maro carries properties, which come only by its id', async (t) => {
  const jira = await started(t);
  const body = {
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Words' }] }],
  };
  const properties = [{ key: 'maro.operation', value: { id: 'one' } }];
  const [status, made] = await send(jira, 'POST', 'issue/PLAT-4/comment', { body, properties });
  const { id, ...others } = made as { id: string; properties?: unknown };
  assert.deepEqual([status, others.properties], [201, undefined]);
  const list = { ids: [Number(id)] };
  const told = async (path: string) => ((await send(jira, 'POST', path, list))[1] as { values: object[] }).values;
  assert.deepEqual((await told('comment/list?expand=properties'))[0], { ...(made as object), properties });
  assert.deepEqual((await told('comment/list'))[0], made);
  jira.issues.forbid('PLAT-4');
  assert.deepEqual(await told('comment/list'), []);
  jira.permissions.delete('ADD_COMMENTS');
  assert.equal((await send(jira, 'POST', 'issue/PLAT-5/comment', { body }))[0], 400);
});

test('people watch an issue, and it takes a permission to say so for somebody else', async (t) => {
  const jira = await started(t);
  const watchers = async () => {
    const [, told] = await send(jira, 'GET', 'issue/PLAT-4/watchers');
    const { isWatching, watchers } = told as { isWatching: boolean; watchers: { displayName: string }[] };
    return [isWatching, ...watchers.map(({ displayName }) => displayName)];
  };
  for (let i = 0; i < 2; i++) await send(jira, 'POST', 'issue/PLAT-4/watchers', JSON.stringify(YUKI));
  assert.deepEqual(await watchers(), [false, 'Yuki Tanaka']);
  jira.permissions.delete('MANAGE_WATCHERS');
  assert.equal((await send(jira, 'DELETE', `issue/PLAT-4/watchers?accountId=${YUKI}`))[0], 403);
  jira.permissions.add('MANAGE_WATCHERS');
  assert.equal((await send(jira, 'DELETE', `issue/PLAT-4/watchers?accountId=${YUKI}`))[0], 204);
  assert.deepEqual(await watchers(), [false]);
  assert.equal((await send(jira, 'POST', 'issue/PLAT-4/watchers', '"x"'))[0], 404);
  assert.deepEqual(jira.issues.find('PLAT-4')?.histories, []);
});
