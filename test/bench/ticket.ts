import type { Message, View } from '../../sandbox/slack/index.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';
import { start } from './program.ts';
import { inWorld } from './world.ts';

const JIRA_MS = 300;
const WAIT_MS = 20_000;

/**
 * From a form that is submitted until its receipt stands in the thread, with a Jira that takes its time: a search for
 * duplicates, the create, and the read that feeds the card and the list. Beside it those three calls by themselves, one after
 * the other, as nobody can be faster than.
 */
export async function ticket({ server, rounds }: Bench): Promise<Line[]> {
  return inWorld(server, 'socket', async ({ slack, jira, env }) => {
    const maro = await start('maro', env);
    await slack.connected();
    let count = 0;

    const until = async <T>(found: () => T | undefined): Promise<T> => {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const what = found();
        if (what !== undefined) return what;
        if (Date.now() > deadline) throw new Error('The ticket took too long.');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const formWith = (block: string): Promise<View> =>
      until(() => slack.views('ada').find(({ blocks }) => blocks.some(({ block_id }) => block_id === block)));

    /** @returns milliseconds. */
    async function submit(): Promise<number> {
      jira.trouble('all', undefined);
      const message: Message = slack.post(`Report ${++count}`, { channel: 'C1' });
      await slack.shortcut('create_from_message', message);
      const form = await formWith('project');
      const [project] = await slack.suggest(form, 'create:project', 'PLAT');
      await slack.press(form, 'create:project', { value: project });
      const whole = await formWith('type PLAT');
      jira.trouble('all', { kind: 'latency', ms: JIRA_MS });
      const from = performance.now();
      const submitted = slack.submit(whole, { summary: `${crypto.randomUUID()} ${count}` });
      await until(() => slack.messages('C1', 'ada').find(({ thread_ts }) => thread_ts === message.ts));
      const ms = performance.now() - from;
      await submitted;
      return ms;
    }

    /** @returns milliseconds. */
    async function threeCalls(): Promise<number> {
      jira.trouble('all', { kind: 'latency', ms: JIRA_MS });
      const authorization = `Basic ${Buffer.from(`${jira.email}:${jira.apiToken}`).toString('base64')}`;
      const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
      const post = async (path: string, body: object) => {
        const response = await fetch(`${jira.url}/rest/api/3/${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(`Jira answered ${path} with ${response.status}.`);
        return (await response.json()) as { key?: string };
      };
      const from = performance.now();
      await post('search/jql', { jql: 'project = "PLAT" AND text ~ "report"', fields: ['summary'], maxResults: 50 });
      const fields = { project: { key: 'PLAT' }, issuetype: { id: '10001' }, summary: `Report ${++count}` };
      const { key } = await post('issue', { fields });
      await post('issue/bulkfetch', { issueIdsOrKeys: [key], fields: ['summary'] });
      return performance.now() - from;
    }

    await submit();
    const figures = await inTurn(rounds, { ours: submit, jira: threeCalls });
    await maro.end();
    const baseline = { what: "Jira's three calls alone", figures: figures.jira };
    const what = `submit until receipt, Jira at ${JIRA_MS} ms`;
    return [{ what, unit: 'ms', ours: figures.ours, baseline, target: 0.95, limit: 0.48 }];
  });
}
