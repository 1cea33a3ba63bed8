import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import { CreateAndTrack } from '../../workflows/create_and_track.ts';
import { type World, words } from '../maro.ts';
import { rows } from '../rows.ts';
import { type Ran, type Runner, runnerOfMaro, runnerOfSlack, workflowWorld } from './runners.ts';

const MESSAGE = 'https://acme.slack.com/archives/C1/p1700000000000100';

for (const who of ['Slack', 'Maro'] as const) {
  describe(`create_and_track, run by ${who}`, () => {
    let w: World;
    let runner: Runner;
    before(async () => {
      w = await workflowWorld();
      runner = who === 'Slack' ? runnerOfSlack(w) : await runnerOfMaro(w);
    });
    afterEach(() => {
      for (const endpoint of ['all', 'bulkfetch', 'create'] as const) w.jira.trouble(endpoint, undefined);
      w.slack.workspace.channel('C1').app_is_member = true;
      w.slack.refusals.splice(0);
    });

    const run = (summary: string, inputs: object = {}): Promise<Ran> => {
      const all = { project: 'PLAT', channel_id: 'C1', user_id: 'U0ADA', message_link: MESSAGE, ...inputs };
      return runner(CreateAndTrack, { ...all, summary });
    };
    const ids = ({ steps }: Ran) => steps.map(({ callback_id }) => callback_id);
    const keyOf = (summary: string) => w.jira.issues.all().find((issue) => issue.summary === summary)?.key;
    const last = () => w.slack.messages('C1', 'ben').at(-1) as Message;
    const tracked = async (key: string | undefined) =>
      rows(
        w.databaseUrl,
        `select tracked_by, message_link from tracked_issues join jira_issues using (tenant_id, site, issue_id)
         where channel_id = 'C1' and issue_key = $1`,
        String(key),
      );

    test('creates, tracks and posts the ticket', async () => {
      const { ts } = w.slack.post('It is broken', { channel: 'C1' });
      const ran = await run('All goes well', { thread_ts: ts, issue_type: 'Bug' });
      const key = keyOf('All goes well');
      assert.deepEqual([ran.state, ids(ran)], ['completed', ['create_ticket', 'track', 'post_ticket']]);
      const [created, track, posted] = ran.steps.map(({ outputs }) => outputs ?? {});
      assert.deepEqual(
        [created?.created, created?.issue_key, track?.tracked, track?.issue_keys],
        [true, key, true, key],
      );
      assert.equal(posted?.posted, true);
      assert.deepEqual(await tracked(key), [{ tracked_by: 'U0ADA', message_link: MESSAGE }]);
      assert.equal(last().thread_ts, ts);
      assert.equal(
        words(last()),
        `@U0ADA created ${key}\n${key} All goes well\nBug · To Do · Unassigned\nOpenMove to…More…Untrack`,
      );
    });

    test('ends where no ticket is created: nothing is tracked or posted', async () => {
      const before = last()?.ts;
      const ran = await run('No ticket', { project: 'GONE' });
      assert.deepEqual([ran.state, ids(ran)], ['failed', ['create_ticket']]);
      assert.match(ran.steps[0]?.error ?? '', /^Nothing was created\. Maro can’t create issues in GONE/);
      assert.equal(last()?.ts, before);
    });

    for (const [what, breaks, mends, sentence, end] of [
      [
        'Jira',
        async () => w.jira.trouble('bulkfetch', { kind: 'server_error', status: 500, times: 1 }),
        async () => {},
        /Nothing was tracked\. PLAT-\d+: not checked\. Jira isn’t answering\. Try again in a minute\./,
        'isn’t tracked in this channel.',
      ],
      [
        'the database',
        () => rows(w.databaseUrl, 'alter table tracked_issues rename to gone'),
        () => rows(w.databaseUrl, 'alter table gone rename to tracked_issues'),
        /Something went wrong in Maro, so this may or may not have been done\./,
        'might not be tracked in this channel.',
      ],
    ] as const) {
      test(`goes on when ${what} keeps the ticket from being tracked: the message says so, and why, and tries again`, async () => {
        const summary = `Untracked for ${what}`;
        await breaks();
        const ran = await run(summary);
        await mends();
        const key = keyOf(summary);
        assert.equal(ran.state, 'completed');
        const [created, track, posted] = ran.steps.map(({ outputs }) => outputs ?? {});
        assert.deepEqual([created?.created, track?.tracked, posted?.posted], [true, false, true]);
        assert.match(String(track?.error), sentence);
        const message = last();
        assert.match(words(message), new RegExp(`^@U0ADA created ${key}\n${key} ${summary}\n.*\n${sentence.source}`));
        assert.ok(words(message).includes(`\n${key} ${end}`), words(message));
        assert.deepEqual(await tracked(key), []);

        const seen = await w.slack.press(message, 'Try again', { user: 'ben' });
        if (!message.edited) await seen.next();
        assert.match(words(message), /Tracked in this channel by @U0BEN\.\nOpenMove to…More…Untrack$/);
        assert.equal((await tracked(key)).length, 1);
      });
    }

    test('goes on when the message cannot be posted: the ticket is tracked, and the step says why', async () => {
      w.slack.workspace.channel('C1').app_is_member = false;
      const ran = await run('Unposted');
      assert.equal(ran.state, 'completed');
      const posted = ran.steps[2]?.outputs ?? {};
      assert.equal(posted.posted, false);
      assert.match(String(posted.error), /^Maro isn’t in this channel, so nothing was posted there\. Invite it/);
      assert.equal((await tracked(keyOf('Unposted'))).length, 1);
    });

    test('pings nobody with what a person typed', async () => {
      await run('<!channel> <@U0BEN> {{steps.0.issue_key}} is broken');
      // Slack's markup is read where Slack hands over a step; what comes from a form or a command was typed.
      const words = who === 'Slack' ? '@channel @ben' : '&lt;!channel&gt; &lt;@U0BEN&gt;';
      assert.equal(last().text.replace(/^<@U0ADA> created PLAT-\d+: /, ''), `${words} {{steps.0.issue_key}} is broken`);
    });
  });
}
