import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, bulkfetch, issue, notFound, started, until, type WireIssue } from '../../../sandbox/jira/ask.ts';
import type { Endpoint, Trouble } from '../../../sandbox/jira/index.ts';
import { errors } from '../../../sandbox/jira/shape.ts';

test('trouble is of one endpoint or of all, for some requests or until it is switched off', async (t) => {
  const jira = await started(t);
  const statuses = async (...paths: string[]) => {
    const all = [];
    for (const path of paths) all.push((await ask(jira, path)).status);
    return all;
  };
  jira.trouble('issue', { kind: 'server_error', status: 502, times: 2 });
  assert.deepEqual(await statuses('issue/PLAT-1', 'myself', 'issue/PLAT-1', 'issue/PLAT-1'), [502, 200, 502, 200]);
  jira.trouble('all', { kind: 'server_error', status: 503 });
  jira.trouble('myself', { kind: 'forbidden' });
  assert.deepEqual(await statuses('issue/PLAT-1', 'myself', 'serverInfo', 'search'), [503, 403, 503, 503]);
  jira.trouble('myself', undefined);
  assert.deepEqual(await statuses('myself', 'myself'), [503, 503]);
  jira.trouble('all', undefined);
  assert.deepEqual(await statuses('issue/PLAT-1', 'myself', 'serverInfo', 'search'), [200, 200, 200, 404]);
  jira.trouble('all', { kind: 'forbidden', times: 0 });
  assert.deepEqual(await statuses('myself'), [200]);
});

test('rate limits carry the headers they are given, and none when given none', async (t) => {
  const jira = await started(t);
  const rateLimited = async (trouble: Trouble) => {
    jira.trouble('bulkfetch', trouble);
    const response = await ask(jira, 'issue/bulkfetch', { body: { issueIdsOrKeys: ['PLAT-1'] } });
    assert.equal(response.status, 429);
    assert.ok(errors.safeParse(await response.json()).success);
    return [response.headers.get('retry-after'), response.headers.get('ratelimit-reason')];
  };
  assert.deepEqual(await rateLimited({ kind: 'rate_limited' }), ['2', 'jira-burst-based']);
  const headers = { 'Retry-After': '3600', 'RateLimit-Reason': 'jira-quota-tenant-based' };
  assert.deepEqual(await rateLimited({ kind: 'rate_limited', headers }), ['3600', 'jira-quota-tenant-based']);
  assert.deepEqual(await rateLimited({ kind: 'rate_limited', headers: {} }), [null, null]);
});

test('answers come broken in every way that was asked for', async (t) => {
  const jira = await started(t);
  const truth = await (await ask(jira, 'issue/PLAT-1')).text();
  const get = async (trouble: Trouble, endpoint: Endpoint = 'issue', path = 'issue/PLAT-1') => {
    jira.trouble(endpoint, { ...trouble, times: 1 });
    const response = await ask(jira, path);
    return { response, type: response.headers.get('content-type'), text: await response.text() };
  };

  const broken = await get({ kind: 'broken_json' });
  assert.equal(broken.response.status, 200);
  assert.match(broken.type ?? '', /^application\/json/);
  assert.ok(truth.startsWith(broken.text) && broken.text.length > 0);
  assert.throws(() => JSON.parse(broken.text));

  const page = await get({ kind: 'html' });
  assert.equal(page.response.status, 200);
  assert.match(page.type ?? '', /^text\/html/);
  assert.match(page.text, /^<!DOCTYPE html>/);

  const empty = await get({ kind: 'empty' });
  assert.deepEqual([empty.response.status, empty.text], [200, '']);
  assert.match(empty.type ?? '', /^application\/json/);

  const huge = await get({ kind: 'huge' });
  assert.ok(huge.text.length >= 10 * 1024 * 1024);
  assert.deepEqual(JSON.parse(huge.text), JSON.parse(truth));

  const { id, key, self } = JSON.parse(truth) as WireIssue;
  assert.deepEqual(JSON.parse((await get({ kind: 'no_fields' })).text), { id, key, self });
  assert.equal((await get({ kind: 'no_fields' }, 'serverInfo', 'serverInfo')).text, '{}');
  assert.deepEqual(JSON.parse((await get({ kind: 'no_fields' }, 'issue', 'issue/NOPE-1')).text), notFound);
  jira.trouble('bulkfetch', { kind: 'no_fields' });
  assert.deepEqual(await bulkfetch(jira, ['PLAT-1']), [{ id, key, self }]);

  for (const status of [500, 502, 503] as const) {
    const failed = await get({ kind: 'server_error', status, headers: { 'Retry-After': '7' } });
    assert.deepEqual([failed.response.status, failed.response.headers.get('retry-after')], [status, '7']);
    assert.match(failed.type ?? '', /^text\/html/);
  }

  const elsewhere = await get({ kind: 'redirect' });
  assert.equal(elsewhere.response.status, 302);
  assert.equal(elsewhere.response.headers.get('location'), 'https://id.atlassian.invalid/login');
  const given = await get({ kind: 'redirect', location: 'http://127.0.0.1:1/' });
  assert.equal(given.response.headers.get('location'), 'http://127.0.0.1:1/');
});

test('the right login can be refused, forbidden, or dropped as that of an expired token', async (t) => {
  const jira = await started(t);
  jira.trouble('all', { kind: 'unauthorized' });
  for (const path of ['serverInfo', 'myself', 'issue/PLAT-1']) assert.equal((await ask(jira, path)).status, 401, path);

  jira.trouble('all', { kind: 'forbidden' });
  const forbidden = await ask(jira, 'issue/PLAT-1');
  assert.equal(forbidden.status, 403);
  assert.equal(forbidden.headers.get('x-seraph-loginreason'), 'AUTHENTICATION_DENIED');
  assert.ok(errors.safeParse(await forbidden.json()).success);

  jira.trouble('all', { kind: 'anonymous' });
  const reasons = [];
  for (const [path, expected] of [
    ['serverInfo', 200],
    ['myself', 401],
    ['issue/PLAT-1', 404],
  ] as const) {
    const response = await ask(jira, path);
    assert.equal(response.status, expected, path);
    reasons.push(response.headers.get('x-seraph-loginreason'));
  }
  assert.deepEqual(await bulkfetch(jira, ['PLAT-1']), []);
  assert.deepEqual(reasons, Array(3).fill('AUTHENTICATED_FAILED'));
  assert.equal((await ask(jira, `${jira.gatewayUrl}/rest/api/3/issue/PLAT-1`)).status, 401);

  jira.trouble('all', undefined);
  assert.equal((await ask(jira, 'issue/PLAT-1')).headers.get('x-seraph-loginreason'), null);
});

test('a create may be done without an answer, and is not done where Jira refuses or is told to do nothing', async (t) => {
  const jira = await started(t);
  const body = { fields: { project: { key: 'PLAT' }, issuetype: { id: '10002' }, summary: 'New' } };
  const table: [trouble: Trouble, made: number][] = [
    [{ kind: 'server_error', status: 502 }, 1],
    [{ kind: 'server_error', status: 502, undone: true }, 0],
    [{ kind: 'cut' }, 1],
    [{ kind: 'cut', undone: true }, 0],
    [{ kind: 'broken_json' }, 1],
    [{ kind: 'rate_limited' }, 0],
    [{ kind: 'forbidden' }, 0],
    [{ kind: 'redirect' }, 0],
    [{ kind: 'html' }, 0],
    [{ kind: 'unauthorized' }, 0],
    [{ kind: 'anonymous' }, 0],
  ];
  for (const [trouble, made] of table) {
    const before = jira.issues.all().length;
    jira.trouble('create', { ...trouble, times: 1 });
    const status = await ask(jira, 'issue', { body }).then(
      (response) => response.status,
      () => 'cut',
    );
    assert.equal(status === 'cut', trouble.kind === 'cut');
    assert.equal(jira.issues.all().length - before, made, JSON.stringify(trouble));
  }
});

test('a slow answer is late and right', async (t) => {
  const jira = await started(t);
  jira.trouble('issue', { kind: 'latency', ms: 60 });
  const before = performance.now();
  assert.equal((await issue(jira, 'PLAT-1')).key, 'PLAT-1');
  assert.ok(performance.now() - before >= 55);
});

test('an answer never comes, or its body never ends, until the stand-in stops', { timeout: 10_000 }, async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const jira = await started(t);
  const before = timers();
  jira.trouble('issue', { kind: 'no_answer' });
  jira.trouble('serverInfo', { kind: 'stalled_body' });
  jira.trouble('myself', { kind: 'latency', ms: 30_000 });
  const silent = ask(jira, 'issue/PLAT-1').catch(() => 'cut');
  const slow = ask(jira, 'myself').catch(() => 'cut');
  const response = await ask(jira, 'serverInfo');
  assert.equal(response.status, 200);
  const reader = response.body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  assert.match(first, /^\{"baseUrl"/);
  const rest = reader?.read().then(
    ({ done }) => (done ? 'ended' : 'more'),
    () => 'cut',
  );
  await until(() => jira.count() === 3);
  assert.deepEqual(jira.requests.map(({ endpoint, status }) => [endpoint, status]).sort(), [
    ['issue', null],
    ['myself', null],
    ['serverInfo', 200],
  ]);
  await jira.stop();
  assert.deepEqual(await Promise.all([silent, slow, rest]), ['cut', 'cut', 'cut']);
  assert.equal(timers(), before);
  await jira.stop();
});
