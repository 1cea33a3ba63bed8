import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../sandbox/slack/index.ts';
import { drawTask } from '../../src/tracker/board-marks.ts';
import { words } from '../maro.ts';
import { TRACKED, WATCHED, type Wrong } from './deed.ts';
import type { System } from './system.ts';

const TENANT = 'T0ACME';
const WITHIN_MS = 30_000;

/** Has `TRACKED` get a digest of what is done, and `WATCHED` replies in the thread in which the issues are mentioned. */
export async function beginNotifications({ slack }: System, keys: readonly string[]): Promise<void> {
  const message = slack.post(`We work on ${keys.join(' ')}`, { channel: WATCHED, user: 'ada' });
  await (await slack.shortcut('track_mentioned', message, { user: 'ada' })).nextView();
  const set = async (channel: string, values: Record<string, unknown>) => {
    const seen = await slack.command('/maro notify', { channel, user: 'ben' });
    await slack.submit(await seen.nextView(), values);
  };
  await set(TRACKED, { kind: 'daily', events: ['done'], time: '09:00' });
  await set(WATCHED, { kind: 'threads' });
}

/** Lets both processes begin what is due at the same moment, as if the morning had come, and draw the boards. */
export async function notifyNow({ sql }: System): Promise<void> {
  // As if the seconds had passed in which what was recorded may still be on its way.
  await sql.begin(async (tx) => {
    await tx`update notifications set told_to = told_to - interval '11 s'`;
    await tx`update issue_changes set recorded_at = recorded_at - interval '11 s'`;
  });
  const [{ from } = { from: new Date() }] = await sql<{ from: Date }[]>`
    update notifications set next_at = date_trunc('milliseconds', now()) where tenant_id = ${TENANT} returning next_at as from`;
  await sql`select graphile_worker.add_job(${`notify:${TENANT}`}), graphile_worker.add_job(${`notify:${TENANT}`})`;
  await sql`select graphile_worker.add_job(${drawTask(TENANT)}, queue_name := ${drawTask(TENANT)})`;
  for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(100)) {
    if ((await sql`select from notifications where tenant_id = ${TENANT} and next_at <= ${from}`).length === 0) return;
  }
}

/** Holds the digest and the replies to what happened to the issues in Jira: each thing is told once. */
export function judgeNotifications({ slack, jira }: System, keys: readonly string[]): Wrong[] {
  const issues = keys.map((key) => jira.issues.find(key)).filter((issue) => issue !== undefined);
  const shown = slack.everything().filter(({ deleted, ephemeral_to }) => !deleted && ephemeral_to === undefined);
  const digests = shown.filter(({ channel, text }) => channel === TRACKED && text.startsWith('Digest'));
  const done = issues.filter(({ status }) => status.category === 'done');
  const told = digests.map(words).join(' ');
  const isDigestTrue = digests.length === Math.min(1, done.length) && done.every(({ key }) => told.includes(`${key} `));
  const astray = issues.filter(({ key, status }) => !isChain(repliesAbout(shown, key), status.name));
  return [
    ...(isDigestTrue ? [] : [{ what: 'not told once', deed: `a digest: ${told}` } as const]),
    ...astray.map(
      ({ key }) => ({ what: 'not told once', deed: `replies: ${repliesAbout(shown, key).join(' | ')}` }) as const,
    ),
  ];
}

function repliesAbout(messages: readonly Message[], key: string): string[] {
  return messages
    .filter(({ channel, thread_ts, bot_id }) => channel === WATCHED && thread_ts !== undefined && bot_id !== undefined)
    .map((message) => words(message).trim())
    .filter((text) => text.startsWith(`${key} `));
}

const CATEGORIES: Readonly<Record<string, string>> = {
  ...{ 'Zu erledigen': 'to do', 'In Arbeit': 'in progress', 'In Prüfung': 'in progress', Erledigt: 'done' },
};

/** Whether each reply goes on where the one before it ended, from the first status to the one that the issue has. */
function isChain(replies: readonly string[], status: string): boolean {
  let at: string | undefined = 'to do';
  for (const reply of replies) {
    const [, from = '', to = ''] = /moved it from (.+) to (.+)$/.exec(reply) ?? [];
    if (CATEGORIES[from] !== at || CATEGORIES[to] === at) return false;
    at = CATEGORIES[to];
  }
  return at === CATEGORIES[status];
}

/** Uninstalls Maro from the other workspace; a day later, its data and nothing else is deleted. */
export async function judgeUninstall({ elsewhere, sql, clean }: System): Promise<Wrong[]> {
  const count = async (tenant: string) =>
    (await sql`select from tracked_issues where tenant_id = ${tenant}`).length +
    (await sql`select from boards where tenant_id = ${tenant}`).length;
  const [before, ours] = [await count('T0ELSE'), await count(TENANT)];
  await elsewhere.uninstall();
  const isKnown = async () =>
    (await sql`select from installations where tenant_id = 'T0ELSE' and uninstalled_at is not null`).length > 0;
  for (const until = performance.now() + WITHIN_MS; !(await isKnown()) && performance.now() < until; ) await sleep(50);
  await clean();
  const isKeptForADay = before > 0 && (await count('T0ELSE')) === before;
  await sql`update installations set uninstalled_at = now() - interval '25 hours' where tenant_id = 'T0ELSE'`;
  await clean();
  const isRight = isKeptForADay && (await count('T0ELSE')) === 0 && (await count(TENANT)) === ours;
  return isRight ? [] : [{ what: 'not deleted as promised', deed: 'the other workspace uninstalls Maro' }];
}
