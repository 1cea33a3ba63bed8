import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, until, type World, world } from '../maro.ts';

const MESSAGE = 'https://acme.slack.com/archives/C1/p1700000000000100';

describe('the step link_ticket', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => {
    for (const endpoint of ['all', 'remoteLink'] as const) w.jira.trouble(endpoint, undefined);
    w.jira.resetRequests();
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const run = (issue_key: string, inputs: object = {}): Promise<Execution> =>
    w.slack.step('link_ticket', { issue_key, message_link: MESSAGE, ...inputs }, { unchecked: true }).finished;
  const links = () =>
    w.jira.requests.filter(({ endpoint }) => endpoint === 'remoteLink').map(({ path, body }) => ({ path, body }));

  test('shows the message on the issue, and puts out what the issue is', async () => {
    w.jira.resetRequests();
    const { outputs } = await run('plat-5');
    assert.deepEqual(outputs, {
      linked: true,
      issue_key: 'PLAT-5',
      issue_url: `${w.jira.site}/browse/PLAT-5`,
      summary: 'Sign-in loops when the clock is five minutes off',
      place: 'this message',
      error: '',
    });
    const globalId = `maro:${createHash('sha256').update(`T0ACME ${MESSAGE}`).digest('hex')}`;
    assert.deepEqual(links(), [
      {
        path: '/rest/api/3/issue/PLAT-5/remotelink',
        body: { globalId, object: { url: MESSAGE, title: 'Message in Slack' } },
      },
    ]);
    assert.equal(w.jira.count(), 2, 'the issue is read, then linked');
  });

  test('is the same link again for the same message, and another for another', async () => {
    await run('PLAT-5');
    await run('PLAT-5', { message_link: `<${MESSAGE}|the message>` });
    await run('PLAT-5', { message_link: `${MESSAGE}0` });
    const ids = links().map(({ body }) => (body as { globalId: string }).globalId);
    assert.deepEqual([ids[0] === ids[1], ids[0] === ids[2]], [true, false]);
  });

  test('is the same link for a message in every form in which Slack names it', async () => {
    const ts = '1700000000.000100';
    for (const message_link of [
      MESSAGE,
      `<${MESSAGE}?thread_ts=1699999999.000200&amp;cid=C1|the message>`,
      'https://app.slack.com/client/T0ACME/C1/p1700000000000100',
      { message_ts: ts, channel_id: 'C1' },
      JSON.stringify({ message_ts: ts, channel_id: 'C1' }),
      ts,
    ]) {
      const { error } = await run('PLAT-5', { message_link, channel_id: 'C1' });
      assert.equal(error, undefined);
    }
    const bodies = links().map(({ body }) => body as { globalId: string; object: { url: string } });
    assert.equal(new Set(bodies.map(({ globalId }) => globalId)).size, 1);
    assert.deepEqual(
      [...new Set(bodies.map(({ object }) => object.url))],
      [MESSAGE, `${MESSAGE}?thread_ts=1699999999.000200&cid=C1`],
    );
  });

  test('takes a link for a key, and the key that the issue has now', async () => {
    const { outputs } = await run(`${w.jira.site}/browse/LEGACY-7`);
    assert.equal(outputs.issue_key, 'PLAT-12');
    assert.deepEqual(
      links().map(({ path }) => path),
      ['/rest/api/3/issue/PLAT-12/remotelink'],
    );
  });

  test('pings nobody with a summary that it puts out', async () => {
    const { outputs } = await run('PLAT-90');
    assert.doesNotMatch(String(outputs.summary), /[<>]/);
  });

  for (const [issue_key, inputs, sentence] of [
    ['PLAT-999', {}, /^Nothing was linked\. PLAT-999: not found\. There’s no such issue, or Maro can’t see it\.$/],
    ['PLAT-80', {}, /^Nothing was linked\. PLAT-80: not found\. There’s no such issue, or Maro can’t see it\.$/],
    ['foo', {}, /^Nothing was linked\. foo: not an issue key\.$/],
    ['PLAT-1 PLAT-2', {}, /^Nothing was linked\. That’s 2 issues, and this takes one\.$/],
    ['https://other.example/browse/PLAT-1', {}, /^Nothing was linked\. https:\S+: another Jira site\.$/],
    [
      'PLAT-1',
      { message_link: 'javascript:alert(1)' },
      /^Nothing was linked\. “javascript:alert\(1\)” isn’t a link to/,
    ],
    ['PLAT-1', { message_link: '1700000000.000100' }, /000100” doesn’t say which channel the message is in\. Fill in/],
    ['PLAT-1', { message_link: { ts: '1' } }, /^“Message link” isn’t text/],
    ['PLAT-1', { message_link: '<!channel>' }, /^Nothing was linked\. “‹!channel›” isn’t a link to a message\.$/],
  ] as const) {
    test(`links nothing for ${issue_key} ${JSON.stringify(inputs)}, in words, and goes on when told to`, async () => {
      const failed = await run(issue_key, inputs);
      assert.match(failed.error ?? '', sentence);
      const { outputs } = await run(issue_key, { ...inputs, continue_on_error: true });
      assert.deepEqual(outputs, {
        linked: false,
        issue_key: '',
        issue_url: '',
        summary: '',
        place: '',
        error: failed.error,
      });
      assert.deepEqual(links(), []);
    });
  }

  test('says why Jira could not link, and of a link that may be there that it may be', async () => {
    for (const trouble of [{ kind: 'server_error', status: 500 }, { kind: 'cut' }] as const) {
      w.jira.trouble('remoteLink', trouble);
      const { error } = await run('PLAT-5');
      assert.match(
        error ?? '',
        /^Jira didn’t say whether the link was added, so it may or may not be there\. Try again/,
      );
    }
    // The first attempt is carried out, and the second refused.
    w.jira.trouble('remoteLink', { kind: 'server_error', status: 502, times: 1 });
    const before = w.jira.count('remoteLink');
    const running = run('PLAT-5');
    await until(() => w.jira.count('remoteLink') > before, 'Jira is asked');
    w.jira.trouble('remoteLink', { kind: 'unauthorized' });
    assert.match((await running).error ?? '', /^Jira didn’t say whether the link was added/);
    // Last, since it holds up what comes after.
    w.jira.trouble('remoteLink', { kind: 'rate_limited', headers: { 'Retry-After': '60' } });
    assert.match((await run('PLAT-5')).error ?? '', /^Nothing was linked\. Jira asked Maro to slow down/);
  });
});
