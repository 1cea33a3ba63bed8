import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { type Seed, seed } from '../../sandbox/jira/seed.ts';
import { startMaro, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

/** Jira knows Ada by her email address, Ben by his name alone, and two people named Kim. */
const site: Seed = {
  ...seed,
  people: {
    ...seed.people,
    ada: { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' },
    ben: { accountId: '712020:ben', displayName: 'ben' },
    kim: { accountId: '712020:kim', displayName: 'Kim Ross' },
    kimberly: { accountId: '712020:kimberly', displayName: 'Kimberly Ash' },
  },
};

describe('assigning an issue', () => {
  let w: World;
  before(async () => {
    w = await world({}, { seed: site });
    await startMaro(w, {}, { looksAfterMs: [50, 200, 400] });
    await w.slack.command('/maro track PLAT-4 PLAT-10', { channel: 'C1' });
  });
  beforeEach(() => {
    w.jira.issues.edit('PLAT-4', { assignee: 'mara' });
    w.jira.resetRequests();
  });
  afterEach(() => {
    for (const endpoint of ['assign', 'users', 'assignable'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const step = (issue_key: string, inputs: object) => w.slack.step('assign_issue', { issue_key, ...inputs }).finished;
  const command = async (text: string) =>
    words((await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages[0]);
  const assignee = (key: string) => w.jira.issues.find(key)?.assignee?.displayName;
  const link = () => `<${w.jira.site}/browse/PLAT-4|PLAT-4>`;

  test('finds the person by the email address in Slack, and the list shows it at once', async () => {
    const { outputs } = await step('plat-4', { assignee_id: 'U0ADA' });
    assert.deepEqual(outputs, {
      assigned: true,
      issue_key: 'PLAT-4',
      issue_url: `${w.jira.site}/browse/PLAT-4`,
      assignee: 'Ada Park',
      error: '',
    });
    assert.equal(assignee('PLAT-4'), 'Ada Park');
    const stored = await rows(
      w.databaseUrl,
      `select assignee, assignee_id from jira_issues where issue_key = 'PLAT-4'`,
    );
    assert.deepEqual([...stored], [{ assignee: 'Ada Park', assignee_id: '712020:ada' }]);
    w.jira.resetRequests();
    await step('PLAT-4', { assignee_id: 'U0ADA' });
    assert.equal(w.jira.requests.length, 1, 'the person is known now');
  });

  test('finds the person by the name if Jira does not know the address', async () => {
    assert.equal(await command('assign PLAT-4 @ben'), `${link()} is now assigned to ben.`);
    assert.equal(assignee('PLAT-4'), 'ben');
  });

  test('takes “me”, a name, and “nobody”', async () => {
    assert.equal(await command('assign PLAT-4 me'), `${link()} is now assigned to Ada Park.`);
    assert.equal(await command('assign PLAT-4 tobias'), `${link()} is now assigned to Tobias Krämer.`);
    assert.equal(await command('assign PLAT-4 nobody'), `${link()} is no longer assigned to anybody.`);
    assert.equal(assignee('PLAT-4'), undefined);
  });

  test('says who fits if several people do, and that nobody does', async () => {
    assert.equal(
      await command('assign PLAT-4 Kim'),
      'PLAT-4 wasn’t assigned. “Kim” can be Kim Ross, Kimberly Ash. Write more of the name.',
    );
    assert.equal(await command('assign PLAT-4 Kim Ross'), `${link()} is now assigned to Kim Ross.`);
    assert.match(await command('assign PLAT-4 Zoe'), /^PLAT-4 wasn’t assigned\. Jira has nobody named “Zoe”/);
    const asCyd = await w.slack.command('/maro assign PLAT-4 me', { channel: 'C1', user: 'cyd' });
    assert.equal(
      words(asCyd.messages[0]),
      'PLAT-4 wasn’t assigned. Jira has nobody named “cyd”, or with this person’s email address in Slack, who can be the assignee. Type the name as Jira shows it.',
    );
    assert.match((await step('PLAT-4', {})).error ?? '', /^Nothing was assigned\. Add a person/);
  });

  test('is told as done if only Jira’s answer was lost', async () => {
    w.jira.trouble('assign', { kind: 'cut' });
    const { outputs, error } = await step('PLAT-4', { assignee: 'Kim Ross' });
    assert.deepEqual([error, outputs.assignee, w.jira.count('assign')], [undefined, 'Kim Ross', 1]);
  });

  test('is not repeated, nor told as not done, if nobody knows', async () => {
    w.jira.trouble('assign', { kind: 'cut', undone: true });
    assert.equal(
      (await step('PLAT-4', { assignee: 'Yuki Tanaka' })).error,
      'Jira didn’t answer in time, so PLAT-4 may or may not have been assigned. Check PLAT-4 before you repeat it.',
    );
    assert.equal(w.jira.count('assign'), 1);
  });

  for (const kind of ['not_permitted', 'conflict'] as const) {
    test(`is told as not done if Jira refuses it (${kind})`, async () => {
      w.jira.trouble('assign', { kind });
      assert.match((await step('PLAT-4', { assignee: 'nobody' })).error ?? '', /^PLAT-4 wasn’t assigned\. /);
      assert.equal(assignee('PLAT-4'), 'Mara Lindqvist');
    });
  }

  test('of an issue that is gone meanwhile says so', async () => {
    w.jira.issues.remove('PLAT-10');
    assert.match(
      (await step('PLAT-10', { assignee: 'nobody' })).error ?? '',
      /^PLAT-10 wasn’t assigned\. There’s no such issue/,
    );
  });

  test('is not what watching is: that adds the person’s own account to the watchers', async () => {
    const watchers = () => w.jira.issues.find('PLAT-4')?.watchers;
    assert.equal(await command('watch PLAT-4'), `You now watch ${link()}. Jira tells you about its changes.`);
    assert.ok(watchers()?.includes('712020:ada'));
    assert.equal(await command('unwatch PLAT-4'), `You no longer watch ${link()}.`);
    assert.ok(!watchers()?.includes('712020:ada'));
    assert.match(await command('watch PLAT-999'), /^Nothing was watched\. PLAT-999: not found/);
    const asBen = await w.slack.command('/maro watch PLAT-4', { channel: 'C1', user: 'ben' });
    assert.match(words(asBen.messages[0]), /^Nothing was watched\. Maro finds no Jira account with your email address/);
  });

  describe('and watching one', () => {
    const watches = () => w.jira.issues.find('PLAT-4')?.watchers.includes('712020:ada') ?? false;
    afterEach(() => {
      for (const endpoint of ['watch', 'unwatch'] as const) w.jira.trouble(endpoint, undefined);
      w.jira.permissions.add('MANAGE_WATCHERS');
    });

    test('is never reported as not done if Jira’s answer is lost, and can be repeated', async () => {
      for (const [verb, undone] of [
        ['watch', true],
        ['watch', false],
        ['unwatch', true],
        ['unwatch', false],
      ] as const) {
        const before = watches();
        w.jira.trouble(verb, { kind: 'cut', undone, times: 1 });
        assert.match(
          await command(`${verb} PLAT-4`),
          new RegExp(`^Jira didn’t answer in time, so PLAT-4 may or may not have been ${verb}ed\\. Check PLAT-4`),
        );
        assert.equal(watches(), undone ? before : verb === 'watch');
        assert.match(await command(`${verb} PLAT-4`), /^You (now|no longer) watch/);
        assert.equal(watches(), verb === 'watch');
      }
    });

    test('is reported as not done if Jira refuses it', async () => {
      w.jira.permissions.delete('MANAGE_WATCHERS');
      assert.match(await command('watch PLAT-4'), /^PLAT-4 wasn’t watched\. /);
      w.jira.permissions.add('MANAGE_WATCHERS');
      w.jira.trouble('watch', { kind: 'server_error', status: 503, times: 1 });
      assert.match(await command('watch PLAT-4'), /^(PLAT-4 wasn’t watched|Jira didn’t answer in time)/);
      w.jira.issues.forbid('PLAT-4');
      assert.match(
        await command('watch PLAT-4'),
        /^PLAT-4 wasn’t watched\. There’s no such issue, or Maro can’t see it/,
      );
      w.jira.issues.allow('PLAT-4');
    });
  });
});
