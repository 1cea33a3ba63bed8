import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, type World, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('the step track', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => {
    for (const endpoint of ['all', 'bulkfetch', 'issue'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const run = (issue_keys: string, inputs: object = {}): Promise<Execution> =>
    w.slack.step('track', { channel_id: 'C1', issue_keys, ...inputs }).finished;
  const tracked = (channel: string) =>
    rows<{ issue_key: string; tracked_by: string | null; message_link: string | null; door: string }>(
      w.databaseUrl,
      `select issue_key, tracked_by, message_link, door from tracked_issues join jira_issues using (tenant_id, site, issue_id)
       where tenant_id = 'T0ACME' and channel_id = $1 order by issue_key`,
      channel,
    );

  test('puts out what it tracked, with the keys as Jira spells them', async () => {
    const { state, outputs } = await run(' plat-1, SHOP-1\nplat-1');
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, { tracked: true, count: 2, issue_keys: 'PLAT-1, SHOP-1', skipped: '', error: '' });
  });

  test('counts issues that were tracked before, since they are tracked now', async () => {
    const { outputs } = await run('PLAT-1 PLAT-2');
    assert.deepEqual(outputs, { tracked: true, count: 2, issue_keys: 'PLAT-1, PLAT-2', skipped: '', error: '' });
  });

  test('tracks what it can, and says what it skipped and why', async () => {
    const { state, outputs } = await run('PLAT-3 PLAT-999 PLAT-80 foo https://other.example/browse/PLAT-4 PLAT-5');
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      tracked: false,
      count: 2,
      issue_keys: 'PLAT-3, PLAT-5',
      skipped: [
        'PLAT-999: not found; PLAT-80: not found. There’s no such issue, or Maro can’t see it.',
        'foo: not an issue key; https://other.example/browse/PLAT-4: another Jira site.',
      ].join(' '),
      error: '',
    });
  });

  test('fails with a sentence when nothing could be tracked, and goes on with it when told to', async () => {
    for (const [keys, sentence] of [
      [
        'foo PLAT-999',
        /^Nothing was tracked\. foo: not an issue key\. PLAT-999: not found\. There’s no such issue, .*\.$/,
      ],
      [',, \n ', /^Nothing was tracked\. Add an issue key, such as PLAT-12\.$/],
      [`PLAT-999 ${w.jira.site}/browse/plat-999`, /^Nothing was tracked\. PLAT-999: not found\. [^;]*\.$/],
      ['https://other.example/browse/PLAT-1', /^Nothing was tracked\. \S+: another Jira site\.$/],
    ] as const) {
      const failed = await run(keys);
      assert.equal(failed.state, 'failed');
      assert.match(String(failed.error), sentence);
      const { state, outputs } = await run(keys, { continue_on_error: true });
      assert.equal(state, 'completed');
      assert.deepEqual(outputs, { tracked: false, count: 0, issue_keys: '', skipped: '', error: failed.error });
    }
  });

  test('takes a link for a key, in every form in which Jira and Slack write one', async () => {
    const { site } = w.jira;
    const { outputs } = await run(
      [
        `${site}/browse/PLAT-1`,
        `<${site}/browse/plat-2?focusedCommentId=7>`,
        `<${site}/jira/software/c/projects/PLAT/issues/PLAT-3|a link>`,
        `${site}/jira/boards/3?selectedIssue=PLAT-4`,
        'PLAT-1',
      ].join(','),
    );
    const issue_keys = 'PLAT-1, PLAT-2, PLAT-3, PLAT-4';
    assert.deepEqual(outputs, { tracked: true, count: 4, issue_keys, skipped: '', error: '' });
  });

  test('changes nothing when it is given more than a hundred keys', async () => {
    w.jira.resetRequests();
    const keys = Array.from({ length: 101 }, (_, i) => `PLAT-${i + 1}`).join(' ');
    const failed = await run(keys, { channel_id: 'C3' });
    assert.equal(failed.state, 'failed');
    assert.match(String(failed.error), /^That’s 101 issues, and the limit is 100\. Nothing changed/);
    const { outputs } = await run(keys, { channel_id: 'C3', continue_on_error: true });
    assert.deepEqual(outputs, { tracked: false, count: 0, issue_keys: '', skipped: '', error: failed.error });
    assert.deepEqual(await tracked('C3'), []);
    assert.equal(w.jira.count(), 0);
  });

  test('asks Jira once for a hundred keys', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => w.jira.issues.create('PLAT', { summary: `Issue ${i}` }).key);
    w.jira.resetRequests();
    const { outputs } = await run(keys.join(' '), { channel_id: 'C2' });
    assert.equal(outputs.count, 100);
    assert.deepEqual([w.jira.count('bulkfetch'), w.jira.count()], [1, 1]);
    assert.equal((await tracked('C2')).length, 100);
  });

  test('tracks an issue that moved under the key it has now, once when it is named by both', async () => {
    const { outputs } = await run('LEGACY-7 PLAT-12 PLAT-34', { channel_id: 'C4' });
    const issue_keys = 'PLAT-12, SHOP-17';
    assert.deepEqual(outputs, { tracked: true, count: 2, issue_keys, skipped: '', error: '' });
    assert.deepEqual(
      (await tracked('C4')).map(({ issue_key }) => issue_key),
      ['PLAT-12', 'SHOP-17'],
    );
  });

  test('goes on tracking an issue that moves later, in the row that it has', async () => {
    await run('PLAT-9', { channel_id: 'D1' });
    const { key } = w.jira.issues.move('PLAT-9', 'SHOP');
    const { outputs } = await run(`PLAT-9 ${key}`, { channel_id: 'D1' });
    assert.equal(outputs.issue_keys, key);
    assert.deepEqual(
      (await tracked('D1')).map(({ issue_key }) => issue_key),
      [key],
    );
  });

  test('remembers who tracked the issue and from which message, and keeps the message when it is tracked again', async () => {
    const message_link = 'https://acme.slack.com/archives/C3/p1732330000000100';
    await run('PLAT-13 PLAT-14', { channel_id: 'C3', user_id: 'U0ADA', message_link });
    const row = { issue_key: 'PLAT-13', tracked_by: 'U0ADA', message_link, door: 'step' };
    assert.deepEqual(await tracked('C3'), [row, { ...row, issue_key: 'PLAT-14' }]);
    await run('PLAT-14', { channel_id: 'C3' });
    assert.deepEqual(await tracked('C3'), [row, { ...row, issue_key: 'PLAT-14', tracked_by: null }]);
  });

  test('remembers the permalink of a message that a step names with markup', async () => {
    const link = 'https://acme.slack.com/archives/G0LINKS/p1732330000000100?thread_ts=1732320000.000100&cid=G0LINKS';
    await run('PLAT-13', { channel_id: 'G0LINKS', message_link: `<${link.replace('&', '&amp;')}|the message>` });
    assert.deepEqual(
      (await tracked('G0LINKS')).map(({ message_link }) => message_link),
      [link],
    );
  });

  test("leaves another company's channel of the same id alone", async () => {
    await rows(
      w.databaseUrl,
      `insert into tracked_issues select 'T0OTHER', channel_id, site, issue_id, '2026-01-01', 'U0OTHER', door, null, 'other'
       from tracked_issues where channel_id = 'C3'`,
    );
    await run('PLAT-13', { channel_id: 'C3', user_id: 'U0BEN' });
    const others = await rows(
      w.databaseUrl,
      `select distinct tracked_by, tracked_at from tracked_issues where tenant_id = 'T0OTHER'`,
    );
    assert.deepEqual(others, [{ tracked_by: 'U0OTHER', tracked_at: new Date('2026-01-01T00:00:00Z') }]);
  });

  test('sends Jira nothing of what is no key, and puts it out so that it can ping nobody', async () => {
    w.jira.resetRequests();
    const { outputs } = await run(
      `../../../etc A-1/comment?x= A\u20111 PL\u0410T-1 ${'A'.repeat(300)}-1 <!channel> PLAT-1#?x <@U0ADA> %2e%2e/x PLAT-1`,
    );
    assert.equal(outputs.issue_keys, 'PLAT-1');
    const skipped = String(outputs.skipped).split('; ');
    assert.deepEqual(skipped.length, 9);
    for (const each of skipped) assert.match(each, /: not an issue key\.?$/);
    assert.doesNotMatch(String(outputs.skipped), /[<>]/);
    assert.ok(String(outputs.skipped).includes('‹!channel›: not an issue key'));
    assert.deepEqual(
      w.jira.requests.map(({ path, body }) => [path, (body as { issueIdsOrKeys: string[] }).issueIdsOrKeys]),
      [['/rest/api/3/issue/bulkfetch', ['PLAT-1']]],
    );
  });

  for (const [trouble, sentence] of [
    [{ kind: 'unauthorized' }, 'Jira refused Maro’s login. Ask your Maro admin to renew it (code login_refused).'],
    [{ kind: 'server_error', status: 500 }, 'Jira isn’t answering. Try again in a minute.'],
    [
      { kind: 'html' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [{ kind: 'rate_limited', headers: {} }, 'Jira asked Maro to slow down. Try again in a minute.'],
  ] as const) {
    test(`says that nothing was checked, and why, when Jira has trouble (${trouble.kind})`, async () => {
      w.jira.trouble('bulkfetch', trouble);
      const { state, error } = await run('PLAT-1');
      assert.equal(state, 'failed');
      assert.equal(error, `Nothing was tracked. PLAT-1: not checked. ${sentence}`);
    });
  }

  test('tracks what Jira knows also when a part of it could not be checked', async () => {
    w.jira.trouble('issue', { kind: 'server_error', status: 500 });
    const { state, outputs } = await run('PLAT-1 LEGACY-7');
    assert.equal(state, 'completed');
    assert.deepEqual([outputs.tracked, outputs.count, outputs.issue_keys], [false, 1, 'PLAT-1']);
    assert.equal(outputs.skipped, 'LEGACY-7: not checked. Jira isn’t answering. Try again in a minute.');
  });
});

describe('the step track with JIRA_PROJECTS', () => {
  test('does not track issues of other projects, by the project they are in now', async () => {
    const w = await world();
    await startMaro(w, { JIRA_PROJECTS: 'PLAT' });
    const keys = 'PLAT-1 LEGACY-7 PLAT-34 SHOP-1 SHOP-999';
    const { outputs } = await w.slack.step('track', { channel_id: 'C1', issue_keys: keys }).finished;
    assert.deepEqual(outputs, {
      tracked: false,
      count: 2,
      issue_keys: 'PLAT-1, PLAT-12',
      skipped:
        'PLAT-34: not allowed; SHOP-1: not allowed; SHOP-999: not allowed. Maro isn’t allowed to show this project.',
      error: '',
    });
  });
});
