import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { started, until } from '../../../sandbox/jira/ask.ts';
import type { Jira, Trouble } from '../../../sandbox/jira/index.ts';
import { renamedTo } from '../../../src/jira/redirect.ts';
import { createTransport, type JiraRequest, type JiraResponse } from '../../../src/jira/transport.ts';
import { JiraTrouble } from '../../../src/jira/trouble.ts';

const SITE: JiraRequest = { url: '/rest/api/3/serverInfo' };
const ISSUE: JiraRequest = {
  url: '/rest/api/3/issue/PLAT-1',
  searchParams: { fields: ['summary'], expand: undefined },
};
const MANY: JiraRequest = {
  url: '/rest/api/3/issue/bulkfetch',
  method: 'POST',
  body: { issueIdsOrKeys: ['PLAT-1', 'PLAT-2'], fields: ['summary'] },
};
const LINK: JiraRequest = {
  url: '/rest/api/3/issue/PLAT-1/remotelink',
  method: 'POST',
  body: { globalId: 'one', object: { url: 'https://slack.example/archives/C1/p1', title: 'A message' } },
};
const BUG: JiraRequest = {
  url: '/rest/api/3/issue',
  method: 'POST',
  body: { fields: { project: { key: 'PLAT' }, issuetype: { id: '10003' }, summary: 'It is broken' } },
};
const CREATE: JiraRequest = { url: '/rest/api/3/issue', method: 'POST', body: { fields: { summary: 'new' } } };

const transportTo = (
  { url, email, apiToken }: Pick<Jira, 'url' | 'email' | 'apiToken'>,
  more: Partial<Parameters<typeof createTransport>[0]> = {},
) => createTransport({ host: url, email, apiToken, ...more });

/** What `send` came to: the answer's status, or the trouble. */
async function outcome(answer: Promise<JiraResponse>): Promise<number | JiraTrouble> {
  try {
    return (await answer).status;
  } catch (error) {
    assert.ok(error instanceof JiraTrouble, String(error));
    return error;
  }
}

async function errorName(answer: Promise<JiraResponse>): Promise<string> {
  const what = await outcome(answer);
  return typeof what === 'number' ? String(what) : what.kind;
}

/** An HTTP server that is nobody's stand-in, for what no Jira would do. */
async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Milliseconds between the first request of an endpoint and each later one. */
function gaps(jira: Jira, endpoint: 'bulkfetch' | 'issue'): number[] {
  const [first, ...later] = jira.requests.filter((request) => request.endpoint === endpoint).map(({ at }) => +at);
  return later.map((at) => at - (first ?? 0));
}

describe('answers that say something', { concurrency: true }, () => {
  test('are handed on with their status, a missing issue and a refused question among them', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    const issue = await send(ISSUE);
    assert.equal(issue.status, 200);
    assert.deepEqual(Object.keys((issue.json as { fields: object }).fields), ['summary']);
    assert.equal((await send(MANY)).status, 200);
    assert.equal((await send({ url: '/rest/api/3/issue/PLAT-999' })).status, 404);
    assert.equal((await send({ ...MANY, body: { issueIdsOrKeys: [] } })).status, 400);
    assert.equal(jira.count(), 4);
  });
});

describe('when Jira asks to slow down', { concurrency: true }, () => {
  const burst = (seconds: number | string): Trouble => ({
    kind: 'rate_limited',
    headers: { 'Retry-After': String(seconds), 'RateLimit-Reason': 'jira-burst-based' },
    times: 1,
  });

  test('a read is sent once more, no sooner than asked, and only its endpoint waits', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('bulkfetch', burst(2));
    const first = send(MANY);
    await until(() => jira.requests[0]?.status === 429);
    // Until the answer has arrived the transport cannot know.
    await send(ISSUE);
    const second = send(MANY);
    await send(SITE);
    assert.deepEqual([(await first).status, (await second).status], [200, 200]);
    const order = jira.requests.map(({ endpoint }) => endpoint);
    assert.deepEqual(order, ['bulkfetch', 'issue', 'serverInfo', 'bulkfetch', 'bulkfetch']);
    for (const gap of gaps(jira, 'bulkfetch')) assert.ok(gap >= 1_995, `${gap} ms`);
  });

  test('a quota that is used up lets every endpoint wait', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    const headers = { 'Retry-After': '2', 'RateLimit-Reason': 'jira-quota-tenant-based' };
    jira.trouble('create', { kind: 'rate_limited', headers, times: 1 });
    assert.match(String(await outcome(send(CREATE))), /Try again in 2 seconds\.$/);
    await Promise.all([send(ISSUE), send(MANY), send(SITE)]);
    const [refused, ...later] = jira.requests.map(({ at }) => +at);
    assert.equal(later.length, 3);
    for (const at of later) assert.ok(at - (refused ?? 0) >= 1_995);
  });

  test('a wait that is too long for a person is told at once, and nothing is sent until it is over', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('issue', burst(60));
    assert.match(String(await outcome(send(ISSUE))), /Try again in 60 seconds\.$/);
    const again = await outcome(send({ url: '/rest/api/3/issue/PLAT-2' }));
    assert.match(String(again), /JiraTrouble: Jira asked Maro to slow down. Try again in (60|59|58) seconds.$/);
    assert.equal(jira.count('issue'), 1);
    assert.equal((await send(MANY)).status, 200, 'other endpoints go on');
  });

  test('an hourly quota stops every call and says in how many minutes it is over', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    const headers = { 'Retry-After': '1800', 'RateLimit-Reason': 'jira-quota-global-based' };
    jira.trouble('issue', { kind: 'rate_limited', headers, times: 1 });
    for (const request of [ISSUE, MANY, SITE]) {
      assert.match(String(await outcome(send(request))), /slow down. Try again in 30 minutes.$/);
    }
    assert.equal(jira.count(), 1);
  });

  test('a wait of days is one of an hour', async (t) => {
    for (const days of [9_999_999, new Date(Date.now() + 30 * 86_400_000).toUTCString()]) {
      const jira = await started(t);
      jira.trouble('issue', burst(days));
      assert.match(String(await outcome(transportTo(jira).send(ISSUE))), /Try again in 60 minutes\.$/);
    }
  });

  test('a read that waits for its second try heeds what another call is told meanwhile', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('issue', { kind: 'server_error', status: 502, times: 1 });
    const first = outcome(send(ISSUE));
    await until(() => jira.requests[0]?.status === 502);
    jira.trouble('issue', burst(60));
    const second = outcome(send({ url: '/rest/api/3/issue/PLAT-2' }));
    assert.match(String(await first), /Jira isn’t answering/);
    assert.match(String(await second), /Try again in 60 seconds/);
    assert.equal(jira.count('issue'), 2);
  });

  test('a date will do as well as seconds', async (t) => {
    const jira = await started(t);
    jira.trouble('issue', burst(new Date(Date.now() + 80_000).toUTCString()));
    assert.match(String(await outcome(transportTo(jira).send(ISSUE))), /Try again in (80|79|78|77) seconds\.$/);
  });

  test('a busy server that names a time is heeded like a rate limit', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('issue', { kind: 'server_error', status: 503, headers: { 'Retry-After': '45' }, times: 1 });
    assert.match(String(await outcome(send(ISSUE))), /slow down. Try again in 45 seconds.$/);
    assert.equal(await errorName(send(ISSUE)), 'rate_limited');
    assert.equal(jira.count(), 1);
  });
});

// One at a time, or the machine's own delays would pass for a pause.
describe('when Jira asks to slow down and names no time', () => {
  for (const headers of [{}, { 'Retry-After': 'soon' }]) {
    test(`a read (${JSON.stringify(headers)}) is sent once more, and nothing is paused`, async (t) => {
      const jira = await started(t);
      const { send } = transportTo(jira);
      jira.trouble('bulkfetch', { kind: 'rate_limited', headers, times: 3 });
      assert.match(String(await outcome(send(MANY))), /slow down. Try again in a minute.$/);
      assert.equal(jira.count(), 2);
      for (const gap of gaps(jira, 'bulkfetch')) assert.ok(gap >= 95, `${gap} ms`);
      assert.equal((await send(MANY)).status, 200);
      assert.equal(jira.count(), 4);
    });
  }
});

describe('when Jira does not answer', { concurrency: true }, () => {
  for (const [status, calls] of [
    [500, 1],
    [502, 2],
    [503, 2],
  ] as const) {
    test(`a read that gets ${status} and a page of HTML is sent ${calls === 1 ? 'once' : 'twice'}`, async (t) => {
      const jira = await started(t);
      const { send } = transportTo(jira);
      for (const [endpoint, request] of [
        ['issue', ISSUE],
        ['bulkfetch', MANY],
      ] as const) {
        jira.trouble(endpoint, { kind: 'server_error', status });
        assert.match(
          String(await outcome(send(request))),
          /^JiraTrouble: Jira isn’t answering. Try again in a minute.$/,
        );
        assert.equal(jira.count(endpoint), calls);
      }
      jira.trouble('issue', { kind: 'server_error', status, times: 1 });
      assert.equal(await errorName(send(ISSUE)), calls === 1 ? 'no_answer' : '200');
    });
  }

  test('a read that gets 504 is sent twice', async (t) => {
    let requests = 0;
    const url = await serve(t, (_, response) => {
      requests++;
      response.writeHead(504).end('<html>gateway timeout</html>');
    });
    assert.equal(await errorName(transportTo({ url, email: 'a@b', apiToken: 'x' }).send(ISSUE)), 'no_answer');
    assert.equal(requests, 2);
  });

  test('what changes something is sent once, whatever comes back', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    for (const trouble of [
      { kind: 'server_error', status: 503 },
      { kind: 'rate_limited', headers: {} },
      { kind: 'rate_limited', headers: { 'Retry-After': '0' } },
    ] as const) {
      jira.resetRequests();
      jira.trouble('create', trouble);
      assert.notEqual(typeof (await outcome(send(CREATE))), 'number');
      assert.equal(jira.count(), 1);
    }
  });

  test('a link to something outside is sent once more, since the same one twice is one', async (t) => {
    const jira = await started(t);
    jira.trouble('remoteLink', { kind: 'server_error', status: 503, times: 1 });
    assert.equal((await transportTo(jira).send(LINK)).status, 200, 'Jira had it already');
    assert.deepEqual([jira.count('remoteLink'), jira.issues.find('PLAT-1')?.links.length], [2, 1]);
  });

  for (const kind of ['no_answer', 'stalled_body'] as const) {
    test(`one that stays away (${kind}) is given up on, and not asked again`, async (t) => {
      const jira = await started(t);
      const { send } = transportTo(jira, { deadlineMs: 1_000 });
      jira.trouble('all', { kind });
      assert.deepEqual(await Promise.all([ISSUE, MANY, SITE].map((request) => errorName(send(request)))), [
        'no_answer',
        'no_answer',
        'no_answer',
      ]);
      assert.equal(jira.count(), 3);
    });
  }

  test('refused connections are no answer, and the first call after them works', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    assert.equal(await errorName(send(ISSUE)), '200');
    await jira.down();
    assert.match(String(await outcome(send(ISSUE))), /^JiraTrouble: Jira isn’t answering/);
    await jira.up();
    assert.equal(await errorName(send(ISSUE)), '200');
  });

  test('a connection that breaks under a read is made anew', async (t) => {
    let requests = 0;
    const url = await serve(t, (request, response) => {
      if (++requests === 1) request.socket.destroy();
      else response.end('{}');
    });
    const { send } = transportTo({ url, email: 'a@b', apiToken: 'x' });
    assert.equal(await errorName(send(MANY)), '200');
    assert.equal(requests, 2);
  });
});

describe('whether Jira is well again', { concurrency: true }, () => {
  const fifty = (send: (request: JiraRequest) => Promise<JiraResponse>, request: JiraRequest) =>
    Promise.all(Array.from({ length: 50 }, () => outcome(send(request))));
  /** Lets the requests arrive that nothing holds back. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

  test('is asked by one of fifty reads when a pause ends, and the others follow its answer', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    const headers = { 'Retry-After': '1', 'RateLimit-Reason': 'jira-quota-tenant-based' };
    jira.trouble('create', { kind: 'rate_limited', headers, times: 1 });
    await outcome(send(CREATE));
    jira.resetRequests();
    for (const endpoint of ['bulkfetch', 'issue'] as const)
      jira.trouble(endpoint, { kind: 'latency', ms: 1_000, times: 1 });
    const answers = Promise.all([fifty(send, MANY), fifty(send, ISSUE)]);
    await until(() => jira.count() > 0);
    await settled();
    assert.equal(jira.count(), 1, 'nothing else until its answer is known');
    assert.deepEqual([...new Set((await answers).flat())], [200]);
    assert.equal(jira.count(), 100);
  });

  test('is asked by one of fifty reads at a time after an outage, and the others are told what it was told', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('issue', { kind: 'server_error', status: 502 });
    await outcome(send(ISSUE));
    jira.resetRequests();
    const told = await fifty(send, ISSUE);
    assert.deepEqual([...new Set(told.map(String))], ['JiraTrouble: Jira isn’t answering. Try again in a minute.']);
    // Each read tries twice, after a random delay. One whose delay is longer than the second answer takes asks once more.
    assert.ok(jira.count() >= 2 && jira.count() <= 5, `${jira.count()} calls`);
    assert.equal(await errorName(send(MANY)), '200', 'other endpoints go on');
    jira.trouble('issue', undefined);
    assert.deepEqual([...new Set(await fifty(send, ISSUE))], [200]);
  });

  test('and it is not for the one that asks, a create that waited was certainly not sent', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('create', { kind: 'server_error', status: 502 });
    await outcome(send(CREATE));
    jira.resetRequests();
    const [first, second] = await Promise.all([outcome(send(CREATE)), outcome(send(CREATE))]);
    assert.deepEqual(
      [first, second].map((each) => each instanceof JiraTrouble && each.undone),
      [false, true],
    );
    assert.equal(jira.count('create'), 1);
  });
});

describe('answers that are not what was asked for', () => {
  for (const kind of ['broken_json', 'html', 'empty', 'huge'] as const) {
    test(`${kind} is unreadable, and asked for once`, async (t) => {
      const jira = await started(t);
      const { send } = transportTo(jira);
      jira.trouble('all', { kind });
      for (const request of [ISSUE, MANY, SITE]) {
        assert.match(String(await outcome(send(request))), /^JiraTrouble: Jira sent an answer that Maro can’t read/);
      }
      assert.equal(jira.count(), 3);
    });
  }

  test('an answer that never says how long it is gets read up to four megabytes', async (t) => {
    const part = ' '.repeat(64 * 1024);
    const url = await serve(t, (_, response) => {
      response.setHeader('content-type', 'application/json');
      const more = () => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more);
      more();
    });
    const { send } = transportTo({ url, email: 'a@b', apiToken: 'x' });
    assert.equal(await errorName(send(ISSUE)), 'unreadable');
  });

  test('a redirect is not followed, and what Maro logs in with goes nowhere else', async (t) => {
    const elsewhere: string[] = [];
    const url = await serve(t, (request, response) => {
      elsewhere.push(`${request.url} ${request.headers.authorization}`);
      response.end('{}');
    });
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('all', { kind: 'redirect', location: `${url}/rest/api/3/issue/PLAT-1` });
    for (const request of [ISSUE, MANY, SITE]) assert.equal(await errorName(send(request)), 'unreadable');
    assert.deepEqual(elsewhere, []);
    assert.equal(jira.count(), 3);
  });

  test('calls to a renamed site go to its new address, the first one after a redirect, and each is done once', async (t) => {
    const jira = await started(t);
    const renamed: string[] = [];
    const { send } = transportTo(jira, { onRenamed: (origin) => renamed.push(origin) });
    assert.equal(await outcome(send(ISSUE)), 200);
    const moved = jira.url.replace('127.0.0.1', 'localhost');
    jira.rename(moved);
    const before = jira.issues.all().length;
    jira.resetRequests();
    assert.equal(await outcome(send(BUG)), 201);
    for (const request of [ISSUE, MANY, SITE]) assert.equal(await outcome(send(request)), 200);
    assert.equal(jira.issues.all().length, before + 1);
    assert.deepEqual(
      jira.requests.map(({ status }) => status),
      [302, 201, 200, 200, 200],
    );
    jira.rename(jira.url);
    assert.deepEqual(await Promise.all([send(ISSUE), send(MANY)].map(outcome)), [200, 200]);
    assert.deepEqual(renamed, [moved, jira.url]);
  });

  for (const [location, followed] of [
    ['https://new.atlassian.net/rest/api/3/issue/PLAT-1?fields=summary', 'https://new.atlassian.net'],
    ['https://acme.jira.com/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://new.atlassian.net/rest/api/3/issue/PLAT-2?fields=summary', undefined],
    ['https://new.atlassian.net/rest/api/3/issue/PLAT-1', undefined],
    ['http://new.atlassian.net/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://new.atlassian.net:8443/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://me@new.atlassian.net/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://atlassian.net.evil.example/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://evilatlassian.net/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://localhost/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['https://old.atlassian.net/rest/api/3/issue/PLAT-1?fields=summary', undefined],
    ['/login', undefined],
    ['', undefined],
  ] as const) {
    test(`a redirect from old.atlassian.net to ${location || 'nowhere'} ${followed ? 'is' : 'is not'} that of a renamed site`, () => {
      const from = new URL('https://old.atlassian.net/rest/api/3/issue/PLAT-1?fields=summary');
      for (const status of [301, 302, 307, 308]) {
        assert.equal(renamedTo(from, new Response(null, { status, headers: { location } })), followed);
      }
      assert.equal(renamedTo(from, new Response(null, { status: 200, headers: { location } })), undefined);
      const elsewhere = new URL('https://jira.acme.example/rest/api/3/issue/PLAT-1?fields=summary');
      assert.equal(renamedTo(elsewhere, new Response(null, { status: 302, headers: { location } })), undefined);
    });
  }

  for (const kind of ['unauthorized', 'forbidden', 'anonymous'] as const) {
    test(`a login that is refused (${kind}) is told as such, and not tried again`, async (t) => {
      const jira = await started(t);
      const { send } = transportTo(jira);
      jira.trouble('all', { kind });
      for (const request of [ISSUE, MANY]) {
        assert.match(String(await outcome(send(request))), /^JiraTrouble: Jira refused Maro’s login/);
      }
      assert.equal(jira.count(), 2);
    });
  }

  test('a login that lacks a permission is told apart from one that is refused', async (t) => {
    const url = await serve(t, (_, response) => response.writeHead(403).end('{"errorMessages":[],"errors":{}}'));
    const { send } = transportTo({ url, email: 'a@b', apiToken: 'x' });
    const kinds = await Promise.all([CREATE, LINK, ISSUE, MANY].map((request) => errorName(send(request))));
    assert.deepEqual(kinds, Array(4).fill('forbidden'));
  });

  test('a wrong token is a refused login', async (t) => {
    const jira = await started(t);
    const { send } = transportTo({ ...jira, apiToken: 'wrong' });
    for (const request of [ISSUE, MANY, SITE]) assert.equal(await errorName(send(request)), 'login_refused');
  });
});

describe('whether Jira surely did nothing', { concurrency: true }, () => {
  for (const [status, undone] of [
    [301, false],
    [401, true],
    [403, true],
    [408, false],
    [409, true],
    [429, true],
    [500, false],
    [502, false],
    [503, false],
    [504, false],
  ] as const) {
    test(`is ${undone ? 'known' : 'unknown'} after ${status}`, async (t) => {
      const url = await serve(t, (_, response) => response.writeHead(status).end());
      const trouble = await outcome(transportTo({ url, email: 'a@b', apiToken: 'x' }).send(CREATE));
      assert.equal(trouble instanceof JiraTrouble && trouble.undone, undone);
    });
  }

  test('is known when no connection came about, and unknown when one broke', async (t) => {
    const jira = await started(t);
    const { send } = transportTo(jira);
    jira.trouble('create', { kind: 'cut' });
    const broke = await outcome(send(CREATE));
    assert.equal(broke instanceof JiraTrouble && broke.undone, false);
    await jira.down();
    const refused = await outcome(send(CREATE));
    assert.equal(refused instanceof JiraTrouble && refused.undone, true);
    const nowhere = await outcome(transportTo({ ...jira, url: 'http://jira.invalid' }).send(CREATE));
    assert.equal(nowhere instanceof JiraTrouble && nowhere.undone, true);
  });
});
