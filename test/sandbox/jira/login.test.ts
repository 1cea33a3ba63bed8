import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, basic, started } from '../../../sandbox/jira/ask.ts';
import type { Scope } from '../../../sandbox/jira/scope.ts';

test('only the email address with its token is let in, and a token with scopes at the gateway only', async (t) => {
  const jira = await started(t);
  const { email, apiToken, scopedToken, url, gatewayUrl } = jira;
  const table: [says: string, authorization: string | null, atSite: number, atGateway: number][] = [
    ['token', basic(email, apiToken), 200, 200],
    ['email in capitals', basic(email.toUpperCase(), apiToken), 200, 200],
    ['scheme in small letters', basic(email, apiToken).replace('Basic', 'basic'), 200, 200],
    ['token with scopes', basic(email, scopedToken), 401, 200],
    ['wrong token', basic(email, `${apiToken}x`), 401, 401],
    ['no token', basic(email, ''), 401, 401],
    ['another email', basic('someone@example.com', apiToken), 401, 401],
    ['no colon', `Basic ${Buffer.from(email).toString('base64')}`, 401, 401],
    ['no base64', `Basic ${email}:${apiToken}`, 401, 401],
    ['bearer', `Bearer ${apiToken}`, 401, 401],
    ['nothing', null, 401, 401],
  ];
  for (const [says, authorization, atSite, atGateway] of table) {
    for (const path of ['myself', 'issue/PLAT-1', 'issue/bulkfetch']) {
      const options = { authorization, ...(path === 'issue/bulkfetch' && { body: { issueIdsOrKeys: ['PLAT-1'] } }) };
      assert.equal((await ask(jira, `${url}/rest/api/3/${path}`, options)).status, atSite, `${says}, ${path}`);
      assert.equal(
        (await ask(jira, `${gatewayUrl}/rest/api/3/${path}`, options)).status,
        atGateway,
        `${says}, ${path}`,
      );
    }
  }
});

test('a refused login gets one line of text that is no JSON, and JSON at the gateway', async (t) => {
  const jira = await started(t);
  const authorization = basic(jira.email, 'wrong');
  for (const [accept, type] of [
    ['*/*', 'text/html;charset=UTF-8'],
    ['application/json', 'application/json;charset=UTF-8'],
  ] as const) {
    const response = await ask(jira, 'issue/PLAT-1', { authorization, headers: { accept } });
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(response.headers.get('www-authenticate'), `OAuth realm="${encodeURIComponent(jira.site)}"`);
    assert.equal(response.headers.get('x-seraph-loginreason'), 'AUTHENTICATED_FAILED');
    assert.equal(await response.text(), 'Client must be authenticated to access this resource.');
  }
  const atGateway = await ask(jira, `${jira.gatewayUrl}/rest/api/3/myself`, { authorization });
  assert.deepEqual(await atGateway.json(), { code: 401, message: 'Unauthorized' });
  const nobody = await ask(jira, 'myself', { authorization: null });
  assert.equal(nobody.headers.get('x-seraph-loginreason'), null);
});

test('a token with scopes is let in as far as its scopes go, and others are not asked for scopes', async (t) => {
  const jira = await started(t);
  const scoped = basic(jira.email, jira.scopedToken);
  const table: [path: string, body: unknown, scope: Scope][] = [
    ['issue/PLAT-1', undefined, 'read:jira-work'],
    ['search/jql', { jql: 'project = PLAT' }, 'read:jira-work'],
    ['issue', { fields: {} }, 'write:jira-work'],
    ['user/assignable/search?project=PLAT&query=a', undefined, 'read:jira-user'],
    ['myself', undefined, 'read:jira-user'],
  ];
  for (const [path, body, scope] of table) {
    const status = async (authorization: string) => {
      const response = await ask(jira, `${jira.gatewayUrl}/rest/api/3/${path}`, { authorization, body });
      if (response.status === 401) {
        assert.deepEqual(await response.json(), { code: 401, message: 'Unauthorized; scope does not match' });
      }
      return response.status;
    };
    const withIt = await status(scoped);
    assert.notEqual(withIt, 401, path);
    jira.scopes.delete(scope);
    assert.equal(await status(scoped), 401, path);
    assert.equal(await status(basic(jira.email, jira.apiToken)), withIt, path);
    jira.scopes.add(scope);
  }
  jira.scopes.clear();
  assert.equal((await ask(jira, `${jira.gatewayUrl}/rest/api/3/serverInfo`, { authorization: scoped })).status, 200);
});

test('a renamed site redirects the API from its old address to the same path of the new one, and the gateway does not', async (t) => {
  const jira = await started(t);
  const renamed = jira.url.replace('127.0.0.1', 'localhost');
  jira.rename(renamed);
  const response = await ask(jira, 'issue/PLAT-1?fields=summary');
  assert.equal(response.status, 302);
  assert.equal(response.headers.get('location'), `${renamed}/rest/api/3/issue/PLAT-1?fields=summary`);
  const self = async (base: string) => {
    const response = await ask(jira, `${base}/rest/api/3/issue/PLAT-1`);
    assert.equal(response.status, 200);
    return ((await response.json()) as { self: string }).self;
  };
  assert.ok((await self(renamed)).startsWith(`${renamed}/rest/`));
  assert.ok((await self(jira.gatewayUrl)).startsWith(`${jira.gatewayUrl}/rest/`));
});

test('a custom domain is what people see, and the API stays where it was', async (t) => {
  const jira = await started(t);
  jira.customDomain = 'https://jira.acme.example';
  const { baseUrl, displayUrl } = (await (await ask(jira, 'serverInfo')).json()) as Record<string, string>;
  assert.deepEqual([baseUrl, displayUrl], [jira.url, 'https://jira.acme.example']);
});

test('serverInfo names the site to anybody without a login, at the gateway too', async (t) => {
  const jira = await started(t);
  const baseUrl = async (base: string, authorization: string | null) => {
    const response = await ask(jira, `${base}/rest/api/3/serverInfo`, { authorization });
    assert.equal(response.status, 200);
    return ((await response.json()) as { baseUrl: string }).baseUrl;
  };
  assert.equal(await baseUrl(jira.url, null), jira.url);
  jira.site = 'https://maro.example';
  assert.equal(await baseUrl(jira.url, null), 'https://maro.example');
  assert.equal(await baseUrl(jira.gatewayUrl, basic(jira.email, jira.scopedToken)), 'https://maro.example');
  assert.equal((await ask(jira, 'serverInfo', { authorization: basic(jira.email, 'wrong') })).status, 401);
});
