import { setTimeout as sleep } from 'node:timers/promises';
import { words } from '../maro.ts';
import { beginNotifications, judgeNotifications, judgeUninstall, notifyNow } from './by-itself.ts';
import { beginFollowing, judgeFollowing } from './by-query.ts';
import { type Deed, NOT_UNDERSTOOD, TRACKED, WATCHED, type Wrong } from './deed.ts';
import type { System } from './system.ts';

/** What was done so far, and what is left to do it with. */
export type History = {
  deeds: Deed[];
  faults: Promise<unknown>[];
  /** The faults, and the form, that are not over. */
  active: Set<string>;
  /** Keys of issues that the channel `FRESH` does not track, and that `TRACKED` tracks. No other deed is about them. */
  fresh: string[];
  tracked: string[];
  /** Keys of issues that people act on, one deed each. Only `FOLLOWED` has them. */
  acted: string[];
  /** The handles of people who have not shared a list. */
  sharers: string[];
  /** Keys of issues that `TRACKED` tracks all the time, while people work on them in Jira. */
  living: string[];
};

const ISSUES = 40;
const LIVING = 4;

/** Begins with issues for every deed, half of them tracked. */
export async function begin(system: System): Promise<History> {
  const { jira, slack } = system;
  const make = () =>
    Array.from({ length: ISSUES }, () => jira.issues.create('SHOP', { summary: 'Of the simulation' }).key);
  const [fresh, tracked, acted] = [make(), make(), make()];
  const living = make().slice(0, LIVING);
  const { state, error } = await slack.step('track', {
    channel_id: TRACKED,
    issue_keys: [...tracked, ...living].join(' '),
  }).finished;
  if (state !== 'completed') throw new Error(`the simulation cannot begin: ${error}`);
  await beginNotifications(system, living);
  await beginFollowing(system);
  // Boards that show all of that, edited in place whatever happens.
  for (const channel of [TRACKED, WATCHED]) await slack.command('/maro board', { channel });
  await system.elsewhere.command(`/maro track ${living[0]}`);
  return { deeds: [], faults: [], active: new Set(), fresh, tracked, acted, sharers: ['ada', 'ben', 'cyd'], living };
}

/** How long after the last fault everything that was promised has to be done. What ends three processes takes three claims. */
const REST_WITHIN_MS = 75_000;
const REST_AFTER_POISON_MS = 150_000;

export function isPoisoned({ deeds }: Pick<History, 'deeds'>): boolean {
  return deeds.some(({ name }) => name.includes('ends the process'));
}

/** Ends the faults, has Slack deliver again what was not acknowledged, and waits until nothing is left to do. */
export async function rest(system: System, history: History): Promise<Wrong[]> {
  const { slack, sql } = system;
  await Promise.all(history.faults);
  await system.heal();
  for (let retry = 0; retry < 3; retry++) await slack.retryNow();
  await Promise.all(history.deeds.map(({ done }) => done));
  const isQuiet = async (kinds: string) =>
    // A step that waits for a person or for Jira is due when its time is over.
    (await sql`select from runs where due_at < now() + interval '50 minutes' and kind ${sql.unsafe(kinds)} 'look'`)
      .length === 0;
  const calm = async (kinds: string) => {
    const withinMs = isPoisoned(history) ? REST_AFTER_POISON_MS : REST_WITHIN_MS;
    for (const until = performance.now() + withinMs; performance.now() < until; await sleep(200)) {
      if (await isQuiet(kinds)) return true;
    }
    return false;
  };
  const first = await calm('<>');
  // As if the minutes had passed after which a ticket is looked for again.
  await sql`update runs set due_at = now() where due_at is not null and kind = 'look'`;
  const second = await calm('=');
  await system.sync();
  await notifyNow(system);
  const third = await calm('<>');
  if (!(await areBoardsDrawn(system))) return [{ what: 'a board that differs', deed: 'a board is still to be drawn' }];
  // What is told last is told after its run is marked.
  await sleep(300);
  return first && second && third ? [] : [{ what: 'without an answer', deed: 'runs are left to do' }];
}

/** Judges every deed, the processes, and the other workspace. */
export async function judge(system: System, history: History): Promise<Wrong[]> {
  const wrongs: Wrong[] = system.fatal.map((deed) => ({ what: 'fatal', deed }));
  for (const deed of history.deeds) {
    if ((await deed.done) === 'late') wrongs.push({ what: 'late', deed: deed.name });
    // A database or a network that is away is told as such, and never as a defect.
    if (/went wrong in Maro/.test(deed.said())) wrongs.push({ what: 'fatal', deed: `${deed.name}: ${deed.said()}` });
    if (NOT_UNDERSTOOD.test(deed.said())) wrongs.push({ what: 'not understood', deed: `${deed.name}: ${deed.said()}` });
    for (const what of await deed.judge(system)) wrongs.push({ what, deed: `${deed.name}: ${deed.said()}` });
  }
  const strays = await system.sql`select from tracked_issues where tenant_id not in ('T0ACME', 'T0ELSE')`;
  const crossed = system.elsewhere.everything().filter((message) => /\bdeed \d+\b/.test(words(message)));
  for (const channel of [TRACKED, WATCHED]) {
    if (!(await becomesTrue(system, channel))) wrongs.push({ what: 'a board that differs', deed: channel });
  }
  wrongs.push(
    ...judgeNotifications(system, history.living),
    ...(await judgeFollowing(system)),
    ...(await judgeUninstall(system)),
  );
  if (strays.length + crossed.length > 0) wrongs.push({ what: 'crossed workspaces', deed: 'at rest' });
  return wrongs;
}

/** How long a board may take to show what Maro knows. */
const DRAWN_WITHIN_MS = 60_000;

async function areBoardsDrawn({ sql }: System): Promise<boolean> {
  for (const until = performance.now() + DRAWN_WITHIN_MS; performance.now() < until; await sleep(200)) {
    if ((await sql`select from boards where wanted_at is not null`).length === 0) return true;
  }
  return false;
}

/** On a busy machine, a change can come after the boards were compared. It is drawn, too. */
async function becomesTrue(system: System, place: string): Promise<boolean> {
  for (const until = performance.now() + DRAWN_WITHIN_MS; performance.now() < until; await sleep(200)) {
    if (await isBoardTrue(system, place)) return true;
  }
  return false;
}

/** Whether a channel has one board, and its heading counts what the channel tracks. */
async function isBoardTrue({ slack, sql }: System, place: string): Promise<boolean> {
  const boards = slack
    .everything()
    .filter(
      ({ channel, deleted, blocks }) => channel === place && !deleted && /"board:refresh"/.test(JSON.stringify(blocks)),
    );
  const [row] = await sql`
    select count(*) filter (where status_category <> 'done')::int as open, count(*)::int as total
    from tracked_issues join jira_issues using (tenant_id, site, issue_id)
    where tenant_id = 'T0ACME' and channel_id = ${place}`;
  const { open, total } = row as { open: number; total: number };
  const heading = open === total ? `${total} tracked issues` : `${open} open issues of ${total}`;
  return boards.length === 1 && words(boards[0]).includes(heading);
}
