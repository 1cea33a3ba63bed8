import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import { StoriesAndTrack } from '../../workflows/stories_and_track.ts';
import { type World, words } from '../maro.ts';
import { rows } from '../rows.ts';
import { type Ran, type Runner, runnerOfMaro, runnerOfSlack, workflowWorld } from './runners.ts';

for (const who of ['Slack', 'Maro'] as const) {
  describe(`stories_and_track, run by ${who}`, () => {
    let w: World;
    let runner: Runner;
    before(async () => {
      w = await workflowWorld();
      runner = who === 'Slack' ? runnerOfSlack(w) : await runnerOfMaro(w);
    });
    afterEach(() => {
      w.slack.workspace.channel('C1').app_is_member = true;
      w.slack.refusals.splice(0);
    });

    const run = (stories: string[], inputs: object = {}): Promise<Ran> =>
      runner(StoriesAndTrack, { project: 'PLAT', stories: stories.join('\n'), channel_id: 'C1', ...inputs });
    const ids = ({ steps }: Ran) => steps.map(({ callback_id }) => callback_id);
    const keyOf = (summary: string) => String(w.jira.issues.all().find((issue) => issue.summary === summary)?.key);
    const last = () => w.slack.messages('C1', 'ben').at(-1) as Message;
    const tracked = async (...keys: string[]) =>
      (
        await rows<{ issue_key: string; status: string; summary: string }>(
          w.databaseUrl,
          `select issue_key, status, summary from tracked_issues join jira_issues using (tenant_id, site, issue_id)
           where channel_id = 'C1'`,
        )
      )
        .filter(({ issue_key }) => keys.includes(issue_key))
        .map(({ issue_key, status, summary }) => `${issue_key} ${status} ${summary}`)
        .sort();

    test('creates, tracks and posts the stories and their epic, each with its own key, summary and status', async () => {
      const ran = await run(['First story', 'Second story'], { epic_summary: 'Their epic' });
      assert.deepEqual([ran.state, ids(ran)], ['completed', ['create_stories', 'track', 'post_ticket']]);
      const summaries = ['Their epic', 'First story', 'Second story'];
      const lines = summaries.map((summary) => `${keyOf(summary)} To Do ${summary}`);
      assert.deepEqual(await tracked(...summaries.map(keyOf)), lines.sort());
      for (const summary of summaries) assert.match(words(last()), new RegExp(`${keyOf(summary)} ${summary} · `));
      assert.doesNotMatch(words(last()), /not (be )?tracked|undefined/);
    });

    test('keeps the status that Jira gives them, whatever it is called', async () => {
      await run(['Gutschein prüfen'], { project: 'SHOP', epic_summary: 'Gutscheine' });
      const keys = ['Gutschein prüfen', 'Gutscheine'].map(keyOf);
      const lines = await tracked(...keys);
      assert.deepEqual(
        lines,
        [`${keys[0]} Zu erledigen Gutschein prüfen`, `${keys[1]} Zu erledigen Gutscheine`].sort(),
      );
    });

    test('tracks and posts those that stand, and the message names the others', async () => {
      const ran = await run(['Standing', 'l'.repeat(256)]);
      assert.deepEqual([ran.state, ran.steps[0]?.outputs?.created], ['completed', false]);
      assert.equal((await tracked(keyOf('Standing'))).length, 1);
      assert.match(words(last()), /^PLAT-\d+ Standing\n.*\nl{79}…: not created\. This summary has \d+ characters/);
      assert.doesNotMatch(words(last()), /not (be )?tracked/);
    });

    test('ends where nothing is created', async () => {
      const ran = await run(Array.from({ length: 51 }, (_, i) => `Story ${i}`));
      assert.deepEqual([ran.state, ids(ran)], ['failed', ['create_stories']]);
      assert.match(ran.steps[0]?.error ?? '', /^Nothing was created\. That’s 51 stories/);
    });

    test('goes on when they cannot be tracked: the message says so', async () => {
      await rows(w.databaseUrl, 'alter table tracked_issues rename to gone');
      const ran = await run(['Untracked one', 'Untracked two']);
      await rows(w.databaseUrl, 'alter table gone rename to tracked_issues');
      assert.equal(ran.state, 'completed');
      assert.match(
        words(last()),
        /Something went wrong in Maro.*\n2 of these issues might not be tracked in this channel/,
      );
      const seen = await w.slack.press(last(), 'Try again');
      if (!last().edited) await seen.next();
      assert.equal((await tracked(keyOf('Untracked one'), keyOf('Untracked two'))).length, 2);
    });

    test('goes on when the message cannot be posted', async () => {
      w.slack.workspace.channel('C1').app_is_member = false;
      const ran = await run(['Unposted story']);
      assert.deepEqual([ran.state, ran.steps[2]?.outputs?.posted], ['completed', false]);
      assert.equal((await tracked(keyOf('Unposted story'))).length, 1);
    });
  });
}
