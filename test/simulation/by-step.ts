import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type Deed, denies, FRESH, isTracked, made, posted, type Wrong } from './deed.ts';
import { typedKey, wordsOf } from './spellings.ts';
import { POISON, type System } from './system.ts';

type Wrongs = Wrong['what'][];
const REDELIVERED_WITHIN_MS = 30_000;

/** Slack delivers a step again that nobody acknowledged, so that it is not held for long. */
async function held(): Promise<'held'> {
  await sleep(REDELIVERED_WITHIN_MS, undefined, { ref: false });
  return 'held';
}

/** A step, and what is wrong when it is over. `isThere`: whether what it does is there. */
export function byStep(
  execution: Execution,
  isThere: (execution: Execution) => Promise<boolean>,
  more: () => Wrongs = () => [],
): Omit<Deed, 'name'> {
  return {
    said: () => execution.error ?? JSON.stringify(execution.outputs),
    done: execution.delivered.then((acks) =>
      acks.some(({ ok }) => ok)
        ? 'answered'
        : Promise.race([execution.finished.then(() => 'answered' as const), held()]),
    ),
    async judge() {
      const { state, error = '', attempts, completions } = execution;
      const wrongs = more();
      const isAccepted = attempts.length > 0 || (await execution.delivered).some(({ ok }) => ok);
      if (state === 'in_progress') return isAccepted ? [...wrongs, 'without an answer'] : wrongs;
      if (completions > 1) wrongs.push('doubled');
      const done = await isThere(execution);
      if (state === 'completed' && !done) wrongs.push('told as done and not there');
      if (state === 'failed' && denies(error) && done) wrongs.push('told as not done and there');
      return wrongs;
    },
  };
}

export function trackByStep(system: System, { key, spelling }: { key: string; spelling: number }) {
  const issue_keys = typedKey(spelling, key, system.jira.url);
  const execution = system.slack.step('track', { channel_id: FRESH, issue_keys, user_id: 'U0ADA' });
  return byStep(execution, () => isTracked(system, FRESH, key));
}

export function createByStep(system: System, { name, spelling }: { name: string; spelling: number }) {
  const { typed, meant } = wordsOf(spelling, `Of ${name}.`);
  const inputs = { project: 'PLAT', summary: typed, channel_id: FRESH, user_id: 'U0ADA' };
  const tickets = () => made(system, meant).length;
  const execution = system.slack.step('create_ticket', inputs);
  return byStep(
    execution,
    async () => tickets() === 1,
    () => (tickets() > 1 ? ['doubled'] : []),
  );
}

export function createSeveral(system: System, { name, spelling }: { name: string; spelling: number }) {
  const stories = ['First', 'Second', 'Third'].map((which) => wordsOf(spelling, `${which} of ${name}.`));
  const inputs = {
    project: 'PLAT',
    stories: stories.map(({ typed }) => `• ${typed}`).join('\n'),
    channel_id: FRESH,
    user_id: 'U0BEN',
  };
  const counts = () => stories.map(({ meant }) => made(system, meant).length);
  const execution = system.slack.step('create_stories', inputs);
  return byStep(
    execution,
    async () => counts().some((count) => count > 0),
    () => (counts().some((count) => count > 1) ? ['doubled'] : []),
  );
}

export function postByStep(system: System, { name, key, spelling }: { name: string; key: string; spelling: number }) {
  const note = `Posted by ${name}.`;
  const cards = () => posted(system, FRESH, note).length;
  const execution = system.slack.step('post_ticket', {
    channel_id: FRESH,
    issue_keys: typedKey(spelling, key, system.jira.url),
    note,
  });
  return byStep(
    execution,
    async () => cards() === 1,
    () => (cards() > 1 ? ['doubled'] : []),
  );
}

/** Ends the processes that run it, unless Jira is away by then: no outcome but a failure is right. */
export function poison(system: System): Omit<Deed, 'name'> {
  return byStep(system.slack.step('track', { channel_id: FRESH, issue_keys: `${POISON}-1` }), async () => false);
}
