import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { adfText } from '../../sandbox/jira/adf.ts';
import { startMaro, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('moving an issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200, 400] });
    await w.slack.command('/maro track PLAT-4 PLAT-8 PLAT-9 PLAT-10', { channel: 'C1' });
  });
  beforeEach(() => {
    for (const key of ['PLAT-4', 'PLAT-9']) w.jira.issues.edit(key, { status: 'To Do' });
    w.jira.resetRequests();
  });
  afterEach(() => {
    w.jira.trouble('all', undefined);
    for (const endpoint of ['transition', 'transitions'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const step = (issue_key: string, status: string, inputs: object = {}) =>
    w.slack.step('transition_issue', { issue_key, status, ...inputs }).finished;
  const command = async (text: string) =>
    words((await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages[0]);
  const statusOf = (key: string) => w.jira.issues.find(key)?.status.name;
  const stored = async (key: string) =>
    (
      await rows<{ status: string; status_category: string }>(
        w.databaseUrl,
        'select status, status_category from jira_issues where issue_key = $1',
        key,
      )
    )[0];

  test('is two calls to Jira, and the list shows it at once', async () => {
    const { state, outputs } = await step('plat-4', 'in progress');
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      moved: true,
      issue_key: 'PLAT-4',
      issue_url: `${w.jira.site}/browse/PLAT-4`,
      status: 'In Progress',
      error: '',
    });
    assert.equal(w.jira.requests.length, 2);
    assert.equal(statusOf('PLAT-4'), 'In Progress');
    assert.deepEqual(await stored('PLAT-4'), { status: 'In Progress', status_category: 'indeterminate' });
  });

  test('by the command says what the issue is now', async () => {
    assert.equal(await command('move PLAT-4 Start'), `<${w.jira.site}/browse/PLAT-4|PLAT-4> is now In Progress.`);
    assert.equal(statusOf('PLAT-4'), 'In Progress');
  });

  test('moves an issue that nobody tracks, with one call more', async () => {
    assert.equal((await step('PLAT-15', 'In Progress')).outputs.moved, true);
    assert.equal(w.jira.requests.length, 3);
  });

  test('names the statuses to which the issue can move', async () => {
    const asked = w.slack.post('move PLAT-4', { channel: 'D1' });
    const answer = () => w.slack.messages('D1', 'ada').filter(({ ts }) => ts > asked.ts);
    await until(() => answer().length > 0, 'the answer is there');
    assert.match(
      words(answer()[0]).trim(),
      /^PLAT-4 can move to .*In Progress.*\. Add the status: `\/maro move PLAT-4 …`$/,
    );
    assert.match(
      await command('move PLAT-4 Nowhere'),
      /^PLAT-4 wasn’t moved\. Jira doesn’t offer “Nowhere” for it now\. It can move to .*In Progress/,
    );
    // Won't Do, to which it can move, has the category Done.
    assert.match(await command('move PLAT-4 Done'), /^PLAT-4 wasn’t moved\. Jira doesn’t offer “Done” for it now\./);
    assert.equal(statusOf('PLAT-4'), 'To Do');
  });

  test('names the fields that Jira asks for, and takes them', async () => {
    const asked = await step('PLAT-4', 'Reject');
    assert.match(asked.error ?? '', /^PLAT-4 wasn’t moved\. To move it to Won't Do, Jira asks for Resolution\.$/);
    const { outputs } = await step('PLAT-4', 'Reject', {
      fields: JSON.stringify({ resolution: { name: 'Duplicate' } }),
    });
    assert.deepEqual([outputs.moved, outputs.status], [true, "Won't Do"]);
  });

  test('takes a resolution by its name, and says when Jira takes no resolution or does not offer this one', async () => {
    const { outputs } = await step('PLAT-4', 'Reject', { resolution: " won't do" });
    assert.deepEqual([outputs.moved, outputs.status], [true, "Won't Do"]);
    assert.equal(w.jira.issues.find('PLAT-4')?.fields.resolution, "Won't Do");
    assert.equal(w.jira.requests.length, 2);
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    for (const [status, resolution, why] of [
      [
        'Reject',
        'Solved',
        /^PLAT-4 wasn’t moved\. Jira doesn’t offer the resolution “Solved” here\. It offers Done, Won't Do, /,
      ],
      ['Start', 'Done', /^PLAT-4 wasn’t moved\. Jira doesn’t take a resolution for a move to In Progress\.$/],
    ] as const) {
      assert.match((await step('PLAT-4', status, { resolution })).error ?? '', why);
    }
    assert.equal(statusOf('PLAT-4'), 'To Do');
  });

  test('adds a comment where the transition has a screen, which the workflow may ask for', async () => {
    assert.match(
      (await step('PLAT-4', 'Block')).error ?? '',
      /^PLAT-4 wasn’t moved\. Say in a comment what blocks this/,
    );
    const { outputs, error } = await step('PLAT-4', 'Block', { comment: 'Waits for Legal', user_id: 'U0ADA' });
    assert.deepEqual([error, outputs.status], [undefined, 'Blocked']);
    const { body } = w.jira.issues.find('PLAT-4')?.comments.at(-1) ?? assert.fail();
    assert.match(adfText(body), /^ada in Slack:\s+Waits for Legal$/);
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    assert.equal(
      (await step('PLAT-4', 'Start', { comment: 'Unasked' })).error,
      'PLAT-4 wasn’t moved. Jira takes no comment when it moves to In Progress. Comment on it by itself.',
    );
    assert.equal(statusOf('PLAT-4'), 'To Do');
  });

  test('is told as done if only Jira’s answer was lost', async () => {
    w.jira.trouble('transition', { kind: 'cut' });
    const { outputs, error } = await step('PLAT-4', 'In Progress');
    assert.deepEqual([error, outputs.moved], [undefined, true]);
    assert.equal(w.jira.count('transition'), 1);
  });

  test('is not repeated, nor told as not done, if nobody knows', async () => {
    w.jira.trouble('transition', { kind: 'cut', undone: true });
    const { error } = await step('PLAT-4', 'Ready');
    assert.equal(
      error,
      'Jira didn’t answer in time, so PLAT-4 may or may not have been moved. Check PLAT-4 before you repeat it.',
    );
    assert.equal(w.jira.count('transition'), 1);
  });

  test('is told as not done when Jira refuses it', async () => {
    w.jira.trouble('transition', { kind: 'conflict' });
    assert.match(
      (await step('PLAT-4', 'In Progress')).error ?? '',
      /^PLAT-4 wasn’t moved\. Somebody changed the issue/,
    );
    assert.equal(statusOf('PLAT-4'), 'To Do');
  });

  test('that Jira refuses since somebody moved the issue meanwhile names where it can move now', async () => {
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    w.jira.trouble('transitions', { kind: 'latency', ms: 300, times: 1 });
    const moving = step('PLAT-4', 'Finish');
    await until(() => w.jira.count('transitions') > 0, 'Maro has asked Jira');
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    const { error } = await moving;
    assert.match(error ?? '', /^PLAT-4 wasn’t moved\. Jira doesn’t offer “Finish” for it now\. It can move to .*Ready/);
  });

  test('of an issue that is gone meanwhile says so', async () => {
    w.jira.issues.remove('PLAT-10');
    assert.match(
      (await step('PLAT-10', 'In Progress')).error ?? '',
      /^PLAT-10 wasn’t moved\. There’s no such issue, or Maro/,
    );
  });

  test('wakes the steps that wait for it', async () => {
    const { finished } = w.slack.step('wait_for_issue', { issue_key: 'PLAT-9' });
    await until(
      async () =>
        (await rows(w.databaseUrl, `select from runs where claimed_by = '' and finished_at is null`)).length > 0,
      'the step waits',
    );
    await step('PLAT-9', 'Start');
    await step('PLAT-9', 'Finish');
    assert.equal((await finished).outputs.reached, true);
  });
});
