import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ask,
  basic,
  bulkfetch,
  fields,
  issue,
  keys,
  notFound,
  started,
  type WireIssue,
} from '../../../sandbox/jira/ask.ts';

test('what is not played is not there, with or without a login', async (t) => {
  const jira = await started(t);
  const table: [method: string, path: string][] = [
    ['GET', '/rest/api/3/search/jql'],
    ['GET', '/rest/api/2/serverInfo'],
    ['GET', '/rest/api/3/issue'],
    ['GET', '/rest/api/3/issue/'],
    ['GET', '/rest/api/3/issue/PLAT-1/worklog'],
    ['GET', '/rest/api/3/serverInfo/more'],
    ['POST', '/rest/api/3/serverInfo'],
    ['PUT', '/rest/api/3/issue/PLAT-1/worklog'],
    ['DELETE', '/rest/api/3/issue/PLAT-1'],
    ['GET', '/ex/jira/another-site/rest/api/3/serverInfo'],
    ['GET', '/'],
  ];
  for (const [method, path] of table) {
    for (const authorization of [null, basic(jira.email, jira.apiToken)]) {
      const response = await ask(jira, `${jira.url}${path}?a=b`, { method, authorization });
      assert.equal(response.status, 404, path);
      assert.deepEqual(await response.json(), {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: `No endpoint ${method} ${path}.`,
        instance: path,
      });
    }
  }
  assert.ok(jira.issues.find('PLAT-1'));
  assert.equal((await ask(jira, 'issue/PLAT-1?expand=changelog')).status, 501);
  const body = { issueIdsOrKeys: ['PLAT-1'], expand: ['changelog'] };
  assert.equal((await ask(jira, 'issue/bulkfetch', { body })).status, 501);
});

test('an issue is found by key in any case, by id and by every former key', async (t) => {
  const jira = await started(t);
  const { id } = await issue(jira, 'PLAT-3');
  for (const idOrKey of ['PLAT-3', 'plat-3', 'Plat-3', id]) {
    const found = await issue(jira, idOrKey);
    assert.deepEqual([found.id, found.key], [id, 'PLAT-3']);
    assert.equal(found.self, `${jira.url}/rest/api/3/issue/${id}`);
  }
  assert.equal((await issue(jira, 'PLAT-34')).key, 'SHOP-17');
  assert.equal((await issue(jira, 'legacy-7')).key, 'PLAT-12');
  assert.equal((await issue(jira, 'PLAT-34')).id, (await issue(jira, 'SHOP-17')).id);
});

test('a missing issue and a forbidden one get the same bytes', async (t) => {
  const jira = await started(t);
  const forbidden = jira.issues.find('PLAT-80');
  assert.ok(forbidden?.forbidden);
  const answers = [];
  for (const idOrKey of [
    'PLAT-80',
    forbidden.id,
    'PLAT-4711',
    'NOPE-1',
    '99999',
    '%20PLAT-1',
    'PLAT-1%2Fcomment',
    '%E0%A4',
  ]) {
    const response = await ask(jira, `issue/${idOrKey}`);
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    answers.push(JSON.stringify([response.status, headers, await response.text()]));
  }
  assert.equal(new Set(answers).size, 1);
  const response = await ask(jira, 'issue/PLAT-4711');
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), notFound);
});

test('a look-alike of a key is not that key', async (t) => {
  const jira = await started(t);
  for (const idOrKey of ['\u017FHOP-1', 'PLAT\u20111', '\u0420LAT-1', 'PLAT-\u0661', 'constructor', '__proto__']) {
    assert.equal((await ask(jira, `issue/${encodeURIComponent(idOrKey)}`)).status, 404, idOrKey);
  }
});

test('an issue has the fields that are asked for and no others', async (t) => {
  const jira = await started(t);
  const names = async (query: string) => Object.keys((await issue(jira, 'PLAT-2', query)).fields).sort();
  const everything = await names('');
  assert.ok(everything.includes('comment') && everything.includes('parent'));
  assert.deepEqual(await names('?fields=*all'), everything);
  assert.deepEqual(await names('?fields='), everything);
  const navigable = everything.filter((name) => name !== 'comment');
  assert.deepEqual(await names('?fields=*navigable'), navigable);
  assert.deepEqual(await names('?fields=summary,updated'), ['summary', 'updated']);
  assert.deepEqual(await names('?fields=summary&fields=updated,nonsense'), ['summary', 'updated']);
  assert.deepEqual(await names('?fields=-comment'), navigable);
  assert.deepEqual(
    await names('?fields=*navigable,-parent'),
    navigable.filter((name) => name !== 'parent'),
  );
  assert.deepEqual(await names('?fields=nonsense'), []);

  const bulkNames = async (wanted?: string[]) => {
    const body = { issueIdsOrKeys: ['PLAT-2'], ...(wanted && { fields: wanted }) };
    const { issues } = (await (await ask(jira, 'issue/bulkfetch', { body })).json()) as { issues: WireIssue[] };
    return Object.keys(issues[0]?.fields ?? {}).sort();
  };
  assert.deepEqual(await bulkNames(), navigable);
  assert.deepEqual(await bulkNames(['*all']), everything);
  assert.deepEqual(await bulkNames(fields), [...fields].sort());
});

test('bulkfetch answers in the order of ids, each issue once, under the key it has now', async (t) => {
  const jira = await started(t);
  const { id } = await issue(jira, 'PLAT-3');
  const found = await bulkfetch(jira, ['SHOP-1', 'plat-3', 'PLAT-34', 'PLAT-3', id, 'LEGACY-7', 'PLAT-12', 'SHOP-1']);
  assert.deepEqual(keys(found), ['PLAT-12', 'PLAT-3', 'SHOP-17', 'SHOP-1']);
  const ids = found.map((each) => Number(each.id));
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );
});

test('bulkfetch passes over what is missing or forbidden without a word', async (t) => {
  const jira = await started(t);
  assert.deepEqual(keys(await bulkfetch(jira, ['PLAT-80', 'PLAT-1', 'NOPE-1', 'SHOP-80', 'x', ''])), ['PLAT-1']);
  assert.deepEqual(await bulkfetch(jira, ['PLAT-80']), []);
});

test('bulkfetch takes 100 keys and refuses 101, repeats included', async (t) => {
  const jira = await started(t);
  const hundred = Array.from({ length: 100 }, (_, index) => `PLAT-${index + 1}`);
  assert.ok((await bulkfetch(jira, hundred)).length > 20);
  for (const issueIdsOrKeys of [[...hundred, 'SHOP-1'], Array(101).fill('PLAT-1')]) {
    assert.equal((await ask(jira, 'issue/bulkfetch', { body: { issueIdsOrKeys } })).status, 400);
  }
});

test('bulkfetch refuses what does not fit its request', async (t) => {
  const jira = await started(t);
  const invalid = 'Invalid request payload. Refer to the REST API documentation and try again.';
  const table: [body: unknown, message: string][] = [
    ['{"issueIdsOrKeys":', 'There was an error parsing JSON. Check that your request body is valid.'],
    [' ', 'There was an error parsing JSON. Check that your request body is valid.'],
    [['PLAT-1'], invalid],
    ['"PLAT-1"', invalid],
    ['null', invalid],
    [{}, invalid],
    [{ fields }, invalid],
    [{ issueIdsOrKeys: 'PLAT-1' }, invalid],
    [{ issueIdsOrKeys: [10101] }, invalid],
    [{ issueIdsOrKeys: ['PLAT-1'], fields: 'summary' }, invalid],
    [{ issueIdsOrKeys: ['PLAT-1'], fieldsByKeys: 'no' }, invalid],
    [{ issueIdsOrKeys: ['PLAT-1'], jql: 'key = PLAT-1' }, invalid],
  ];
  for (const [body, message] of table) {
    const response = await ask(jira, 'issue/bulkfetch', { body });
    assert.equal(response.status, 400, JSON.stringify(body));
    assert.deepEqual(await response.json(), { errorMessages: [message] }, JSON.stringify(body));
  }
  const empty = await ask(jira, 'issue/bulkfetch', { body: '' });
  assert.deepEqual(await empty.json(), { errorMessages: ['No content to map to Object due to end of input'] });
  const text = await ask(jira, 'issue/bulkfetch', { body: '{}', headers: { 'content-type': 'text/plain' } });
  assert.equal(text.status, 415);
  assert.equal(
    (await ask(jira, 'issue/bulkfetch', { body: { issueIdsOrKeys: ['PLAT-1'], fieldsByKeys: true } })).status,
    200,
  );
});
