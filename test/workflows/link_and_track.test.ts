import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import { LinkAndTrack } from '../../workflows/link_and_track.ts';
import { type World, words } from '../maro.ts';
import { rows } from '../rows.ts';
import { type Ran, type Runner, runnerOfMaro, runnerOfSlack, workflowWorld } from './runners.ts';

const MESSAGE = 'https://acme.slack.com/archives/C1/p1700000000000100';

for (const who of ['Slack', 'Maro'] as const) {
  describe(`link_and_track, run by ${who}`, () => {
    let w: World;
    let runner: Runner;
    before(async () => {
      w = await workflowWorld();
      runner = who === 'Slack' ? runnerOfSlack(w) : await runnerOfMaro(w);
    });
    afterEach(() => {
      for (const endpoint of ['bulkfetch', 'remoteLink'] as const) w.jira.trouble(endpoint, undefined);
      w.slack.workspace.channel('C1').app_is_member = true;
      w.slack.refusals.splice(0);
    });

    const run = (issue_key: string): Promise<Ran> =>
      runner(LinkAndTrack, { issue_key, channel_id: 'C1', user_id: 'U0ADA', message_link: MESSAGE });
    const ids = ({ steps }: Ran) => steps.map(({ callback_id }) => callback_id);
    const last = () => w.slack.messages('C1', 'ben').at(-1) as Message;
    const tracked = async (key: string) =>
      (
        await rows<{ message_link: string }>(
          w.databaseUrl,
          `select message_link from tracked_issues join jira_issues using (tenant_id, site, issue_id)
           where channel_id = 'C1' and issue_key = $1`,
          key,
        )
      ).map(({ message_link }) => message_link);

    test('links, tracks and posts the ticket, under the key it has now', async () => {
      const ran = await run('LEGACY-7');
      assert.deepEqual([ran.state, ids(ran)], ['completed', ['link_ticket', 'track', 'post_ticket']]);
      const [linked, track, posted] = ran.steps.map(({ outputs }) => outputs ?? {});
      assert.deepEqual(
        [linked?.linked, linked?.issue_key, track?.tracked, posted?.posted],
        [true, 'PLAT-12', true, true],
      );
      assert.deepEqual(await tracked('PLAT-12'), [MESSAGE]);
      assert.match(words(last()), /^@U0ADA linked PLAT-12 to this message\nPLAT-12 Bring the old export jobs over/);
    });

    test('ends where nothing is linked: nothing is tracked or posted', async () => {
      const before = last()?.ts;
      w.jira.trouble('remoteLink', { kind: 'server_error', status: 500 });
      const ran = await run('PLAT-2');
      assert.deepEqual([ran.state, ids(ran)], ['failed', ['link_ticket']]);
      assert.match(
        ran.steps[0]?.error ?? '',
        /^Jira didn’t say whether the link was added, so it may or may not be there/,
      );
      assert.deepEqual([await tracked('PLAT-2'), last()?.ts], [[], before]);
    });

    test('goes on when the ticket cannot be tracked: the message says so', async () => {
      await rows(w.databaseUrl, 'alter table tracked_issues rename to gone');
      const ran = await run('PLAT-3');
      await rows(w.databaseUrl, 'alter table gone rename to tracked_issues');
      assert.equal(ran.state, 'completed');
      assert.equal(ran.steps[1]?.outputs?.tracked, false);
      assert.match(
        words(last()),
        /^@U0ADA linked PLAT-3 to this message\nPLAT-3 .*\n.*\nSomething went wrong in Maro.*\nPLAT-3 might not be tracked in this/,
      );
    });

    test('goes on when the message cannot be posted', async () => {
      w.slack.workspace.channel('C1').app_is_member = false;
      const ran = await run('PLAT-4');
      assert.deepEqual([ran.state, ran.steps[2]?.outputs?.posted], ['completed', false]);
      assert.deepEqual(await tracked('PLAT-4'), [MESSAGE]);
    });
  });
}
