import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { ask, bulkfetch, fields, issue, keys, started } from '../../../sandbox/jira/ask.ts';
import { startJira } from '../../../sandbox/jira/index.ts';
import { seed } from '../../../sandbox/jira/seed.ts';
import * as shape from '../../../sandbox/jira/shape.ts';

test('every answer has the shape of Jira’s', async (t) => {
  const jira = await started(t);
  const everyKey = jira.issues.all().map(({ key }) => key);
  jira.issues.edit('PLAT-3', { status: 'Done', assignee: null, parent: null });
  jira.issues.edit('PLAT-3', { status: 'To Do', priority: 'Low' }, null);
  jira.issues.comment('PLAT-3', 'Why?', 'yuki', { visibility: { type: 'role', value: 'Administrators' } });
  jira.issues.comment('PLAT-3', 'Because.', null);
  const bug = { project: { key: 'PLAT' }, issuetype: { id: '10003' }, summary: 'It is broken' };
  const object = { title: 'A message', url: 'https://slack.example/archives/C1/p1' };
  const jql = 'project = PLAT';
  const table: [path: string, body: unknown, status: number, shape: z.ZodType][] = [
    ['serverInfo', undefined, 200, shape.serverInfo],
    ['myself', undefined, 200, shape.myself],
    ['issue/PLAT-2', undefined, 200, shape.wholeIssue],
    ['issue/SHOP-7', undefined, 200, shape.wholeIssue],
    ['issue/PLAT-4711', undefined, 404, shape.errors],
    ['issue/bulkfetch', { issueIdsOrKeys: everyKey, fields }, 200, shape.bulkfetched],
    ['issue/bulkfetch', { issueIdsOrKeys: [] }, 400, shape.errors],
    ['issue/PLAT-2/worklog', undefined, 404, shape.problem],
    ['issue', { fields: bug }, 201, shape.created],
    ['issue', { fields: { ...bug, summary: '' } }, 400, shape.fieldErrors],
    ['issue/bulk', { issueUpdates: [{ fields: bug }, { fields: {} }] }, 201, shape.createdMany],
    ['issue/bulk', { issueUpdates: [{ fields: {} }] }, 400, shape.createdMany],
    ['issue/bulk', { issueUpdates: [] }, 400, shape.errors],
    ['issue/createmeta/SHOP/issuetypes', undefined, 200, shape.typePage],
    ['issue/createmeta/HR/issuetypes', undefined, 400, shape.errors],
    ['issue/createmeta/OPS/issuetypes/10021', undefined, 200, shape.fieldPage],
    ['issue/createmeta/OPS/issuetypes/10024', undefined, 200, shape.fieldPage],
    ['project/search?maxResults=1', undefined, 200, shape.projectPage],
    ['project/search', undefined, 200, shape.projectPage],
    ['search/jql', { jql, fields, maxResults: 2 }, 200, shape.searched],
    ['search/jql', { jql: 'nonsense' }, 400, shape.errors],
    ['issue/picker?query=sign', undefined, 200, shape.suggestions],
    ['issue/PLAT-1/remotelink', { object, globalId: 'x' }, 201, shape.linked],
    ['issue/PLAT-1/remotelink', { object: { url: object.url } }, 400, shape.fieldErrors],
    ['issue/PLAT-1/remotelink', undefined, 200, shape.links],
    ['issue/OPS-2/transitions?expand=transitions.fields', undefined, 200, shape.transitions],
    ['issue/PLAT-3/transitions', { transition: { id: '61' } }, 400, shape.fieldErrors],
    ['issue/PLAT-3/transitions', { transition: { id: '999' } }, 400, shape.errors],
    ['user/assignable/search?project=PLAT&query=', undefined, 200, shape.users],
    ['user/assignable/search?project=HR&query=', undefined, 404, shape.errors],
    ['search/jql', { jql, fields, expand: 'changelog' }, 200, shape.searched],
    ['search/approximate-count', { jql }, 200, shape.counted],
    ['changelog/bulkfetch', { issueIdsOrKeys: ['PLAT-2', 'PLAT-3'] }, 200, shape.changelogs],
    ['changelog/bulkfetch', { issueIdsOrKeys: ['PLAT-2', 'PLAT-3'], maxResults: 1 }, 200, shape.changelogs],
    ['issue/PLAT-3/comment', undefined, 200, shape.comments],
    ['status', undefined, 200, shape.statuses],
    ['mypermissions?permissions=BROWSE_PROJECTS,ADMINISTER', undefined, 200, shape.permissions],
    ['mypermissions', undefined, 400, shape.errors],
  ];
  for (const [path, body, expected, shaped] of table) {
    const response = await ask(jira, path, { body });
    assert.equal(response.status, expected, path);
    const type = shaped === shape.problem ? 'application/problem+json' : 'application/json';
    assert.equal(response.headers.get('content-type'), `${type};charset=UTF-8`, path);
    const parsed = shaped.safeParse(await response.json());
    assert.ok(parsed.success, `${path}: ${parsed.error?.message}`);
  }
});

test('requests are logged and counted by endpoint', async (t) => {
  const jira = await started(t);
  await ask(jira, 'serverInfo', { authorization: null });
  await ask(jira, 'issue/PLAT-1?fields=summary');
  await ask(jira, `${jira.gatewayUrl}/rest/api/3/issue/NOPE-1`);
  await bulkfetch(jira, ['PLAT-1']);
  await ask(jira, 'issue/bulkfetch', { body: 'no json' });
  await ask(jira, 'search');
  assert.deepEqual(
    jira.requests.map(({ endpoint, method, path, body, status }) => [endpoint, method, path, body, status]),
    [
      ['serverInfo', 'GET', '/rest/api/3/serverInfo', undefined, 200],
      ['issue', 'GET', '/rest/api/3/issue/PLAT-1?fields=summary', undefined, 200],
      ['issue', 'GET', `${new URL(jira.gatewayUrl).pathname}/rest/api/3/issue/NOPE-1`, undefined, 404],
      ['bulkfetch', 'POST', '/rest/api/3/issue/bulkfetch', { issueIdsOrKeys: ['PLAT-1'], fields }, 200],
      ['bulkfetch', 'POST', '/rest/api/3/issue/bulkfetch', 'no json', 400],
      ['other', 'GET', '/rest/api/3/search', undefined, 404],
    ],
  );
  assert.ok(jira.requests.every(({ at }) => at instanceof Date));
  assert.deepEqual([jira.count(), jira.count('issue'), jira.count('myself')], [6, 2, 0]);
  jira.resetRequests();
  assert.deepEqual([jira.count(), jira.requests], [0, []]);
});

test('while it is down connections are refused, and it comes back on the same port with its issues', async (t) => {
  const jira = await started(t);
  jira.issues.edit('PLAT-1', { summary: 'Changed before the outage' });
  await ask(jira, 'myself');
  await jira.down();
  await jira.down();
  const error = await ask(jira, 'myself').catch((reason: Error) => reason.cause);
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  assert.equal(jira.count(), 1);
  await jira.up();
  await jira.up();
  assert.equal((await issue(jira, 'PLAT-1')).fields.summary, 'Changed before the outage');
});

test('it takes the port and the seed it is given', async (t) => {
  const jira = await started(t);
  const port = Number(new URL(jira.url).port);
  await assert.rejects(startJira({ port }), { code: 'EADDRINUSE' });
  await jira.stop();
  const [project] = seed.projects;
  assert.ok(project);
  const own = await startJira({
    port,
    seed: {
      projects: [project],
      people: {},
      issues: [['PLAT-5', 'Task', 'To Do', 'Low', null, 'The only one']],
      parents: {},
      moved: {},
      forbidden: [],
    },
  });
  t.after(() => own.stop());
  assert.equal(own.url, `http://127.0.0.1:${port}`);
  assert.deepEqual(keys(await bulkfetch(own, ['PLAT-1', 'PLAT-5', 'SHOP-1'])), ['PLAT-5']);
});

test('two stand-ins share nothing', async (t) => {
  const [one, other] = [await started(t), await started(t)];
  one.issues.edit('PLAT-1', { summary: 'Only here' });
  one.issues.forbid('PLAT-2');
  one.trouble('myself', { kind: 'forbidden' });
  assert.notEqual((await issue(other, 'PLAT-1')).fields.summary, 'Only here');
  assert.equal((await issue(other, 'PLAT-2')).key, 'PLAT-2');
  assert.equal((await ask(other, 'myself')).status, 200);
});
