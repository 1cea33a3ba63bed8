import { setTimeout as sleep } from 'node:timers/promises';
import { words } from '../maro.ts';
import { type Deed, NOT_UNDERSTOOD, TRACKED, type Wrong } from './deed.ts';
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
  /** The handles of people who have not shared a list. */
  sharers: string[];
};

const ISSUES = 40;

/** Begins with issues for every deed, half of them tracked. */
export async function begin({ jira, slack }: System): Promise<History> {
  const make = () =>
    Array.from({ length: ISSUES }, () => jira.issues.create('SHOP', { summary: 'Of the simulation' }).key);
  const [fresh, tracked] = [make(), make()];
  const { state, error } = await slack.step('track', { channel_id: TRACKED, issue_keys: tracked.join(' ') }).finished;
  if (state !== 'completed') throw new Error(`the simulation cannot begin: ${error}`);
  return { deeds: [], faults: [], active: new Set(), fresh, tracked, sharers: ['ada', 'ben', 'cyd'] };
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
    (await sql`select from runs where due_at is not null and kind ${sql.unsafe(kinds)} 'look'`).length === 0;
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
  // What is told last is told after its run is marked.
  await sleep(300);
  return first && second ? [] : [{ what: 'without an answer', deed: 'runs are left to do' }];
}

/** Judges every deed, the processes, and the other workspace. */
export async function judge(system: System, history: History): Promise<Wrong[]> {
  const wrongs: Wrong[] = system.fatal.map((deed) => ({ what: 'fatal', deed }));
  for (const deed of history.deeds) {
    if ((await deed.done) === 'late') wrongs.push({ what: 'late', deed: deed.name });
    // A database or a network that is away is told as such, and never as a defect.
    if (/inside Maro/.test(deed.said())) wrongs.push({ what: 'fatal', deed: `${deed.name}: ${deed.said()}` });
    if (NOT_UNDERSTOOD.test(deed.said())) wrongs.push({ what: 'not understood', deed: `${deed.name}: ${deed.said()}` });
    for (const what of await deed.judge(system)) wrongs.push({ what, deed: `${deed.name}: ${deed.said()}` });
  }
  const strays = await system.sql`select from tracked_issues where tenant_id not in ('T0ACME', 'T0ELSE')`;
  const crossed = system.elsewhere.everything().filter((message) => /\bdeed \d+\b/.test(words(message)));
  if (strays.length + crossed.length > 0) wrongs.push({ what: 'crossed workspaces', deed: 'at rest' });
  return wrongs;
}
