import { ask } from '../../sandbox/jira/ask.ts';
import { words } from '../maro.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';
import { start } from './program.ts';
import { inWorld } from './world.ts';

const SECRET = 'a-secret-of-the-webhook';
const ISSUES = 20;
const JIRA_MS = 50;
const WAIT_MS = 20_000;
/** Two seconds of this are the time in which Maro waits for more changes. */
const MOST_S = 3;

/** From a change in Jira until the board of a channel shows it, by webhook. Beside it, reading the channel's issues one by one. */
export async function board({ server, rounds }: Bench): Promise<Line[]> {
  return inWorld(server, 'socket', async ({ slack, jira, env }) => {
    const maro = await start('maro', { ...env, PORT: '0', JIRA_WEBHOOK_SECRET: SECRET });
    jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: SECRET });
    await slack.connected();
    const keys = Array.from({ length: ISSUES }, () => jira.issues.create('PLAT', { summary: 'Of the bench' }).key);
    // A step, since it may take longer than a command may.
    await slack.step('track', { channel_id: 'C1', issue_keys: keys.join(' ') }).finished;
    await slack.command('/maro board');
    jira.trouble('all', { kind: 'latency', ms: JIRA_MS });
    let count = 0;

    async function changeUntilBoard(): Promise<number> {
      const summary = `Change ${++count}`;
      const from = performance.now();
      jira.issues.edit(keys[count % ISSUES] ?? '', { summary }, 'mara');
      const isShown = () => slack.everything().some((message) => words(message).includes(summary));
      while (!isShown()) {
        if (performance.now() - from > WAIT_MS) throw new Error('The board took too long.');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return (performance.now() - from) / 1000;
    }
    async function oneByOne(): Promise<number> {
      const from = performance.now();
      for (const key of keys) await ask(jira, `issue/${key}`);
      return (performance.now() - from) / 1000;
    }
    try {
      const tasks = { ours: changeUntilBoard, single: oneByOne };
      await inTurn(1, tasks);
      const figures = await inTurn(rounds, tasks);
      return [
        {
          what: 'a change until the board, by webhook',
          unit: 's',
          ours: figures.ours,
          baseline: { what: '20 issues, one by one', figures: figures.single },
          most: MOST_S,
        },
      ];
    } finally {
      await maro.end();
    }
  });
}
