import { Session } from 'node:inspector/promises';
import { createLeave } from '../../sandbox/leave.ts';
import { startPostgres } from '../../sandbox/postgres.ts';
import type { Message, View } from '../../sandbox/slack/index.ts';
import { startMaro, until, world } from '../maro.ts';
import { createTemplate, nameOf } from '../template.ts';

/**
 * How far a reader goes to follow what a person does: the files of Maro, and their named functions, that run on the way from
 * Slack's delivery to what Slack shows. "npm run journeys". What also runs at other times, such as the look for runs that a crash
 * left, is counted only when it runs each time.
 */
const ROUNDS = 3;
/** `__name` is esbuild's. */
const NAMELESS: ReadonlySet<string> = new Set(['', '__name']);

const server = await startPostgres({ folder: `/tmp/maro-journeys-${process.pid}`, throwaway: true });
const leave = createLeave(() => server.stop());
process.env.DATABASE_URL = server.url;
process.env.TEMPLATE_DATABASE = nameOf(await createTemplate(server.url));

const w = await world();
await startMaro(w);
const { slack } = w;
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

const counted: Record<string, { files: number; functions: number }> = {};
for (const [name, travel] of Object.entries(journeys())) {
  await travel(async () => {});
  const rounds: Set<string>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await travel(async () => void (await session.post('Profiler.takePreciseCoverage')));
    rounds.push(await ran());
  }
  const each = [...(rounds[0] ?? [])].filter((place) => rounds.every((round) => round.has(place)));
  counted[name] = { files: new Set(each.map((place) => place.split(' ')[0])).size, functions: each.length };
}
console.table(counted);
await leave(0);

/** The named functions of Maro that ran since they were asked for last. */
async function ran(): Promise<Set<string>> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const places = result.flatMap(({ url, functions }) => {
    const file = /\/((?:src|functions|workflows)\/.*\.ts)$/.exec(url)?.[1];
    if (file === undefined || url.includes('/node_modules/')) return [];
    return functions
      .filter(({ functionName, ranges }) => !NAMELESS.has(functionName) && (ranges[0]?.count ?? 0) > 0)
      .map(({ functionName, ranges }) => `${file} ${functionName} ${ranges[0]?.startOffset}`);
  });
  return new Set(places);
}

/** Each journey says when it begins: what was done before is not part of it. */
function journeys(): Record<string, (begin: () => Promise<void>) => Promise<unknown>> {
  let count = 0;
  const command = async (text: string): Promise<Message> => {
    const [message] = (await slack.command(`/maro ${text}`, { channel: 'C1' })).messages;
    if (message === undefined) throw new Error(`no answer to ${text}`);
    return message;
  };
  const top = () => slack.views('ada').at(-1) as View;
  const isThere = (block: string) => () => top()?.blocks.some(({ block_id }) => block_id === block) ?? false;
  return {
    '/maro track': (begin) => begin().then(() => command('track PLAT-1')),
    '/maro tracked': (begin) => begin().then(() => command('tracked')),
    'a step to its completion': (begin) =>
      begin().then(() => slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-2' }).finished),
    async 'message, form, card'(begin) {
      await begin();
      const message = slack.post(`The cart is empty, the ${++count}th time`, { channel: 'C1' });
      await slack.shortcut('create_from_message', message);
      await until(isThere('summary'), 'the form is there');
      const [option] = await slack.suggest(top(), 'create:project', 'PLAT');
      const drawn = slack.calls('views.update').length;
      await slack.press(top(), 'create:project', { value: option });
      await until(() => slack.calls('views.update').length > drawn && isThere('type PLAT')(), 'the form is drawn');
      await slack.submit(top(), { summary: `Cart is empty ${'x'.repeat(count)}` });
      const cards = () => slack.messages('C1', 'ada').filter(({ thread_ts }) => thread_ts === message.ts);
      await until(() => cards().length > 0, 'the card is there');
    },
    async Refresh(begin) {
      const list = await command('tracked');
      await begin();
      const seen = await slack.press(list, 'Refresh');
      if (seen.messages.length === 0) await seen.next();
    },
  };
}
