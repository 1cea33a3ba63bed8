import { Refusal } from '../slack/index.ts';
import { clockActs } from './acts/clock.ts';
import { jiraActs } from './acts/jira.ts';
import { slackActs } from './acts/slack.ts';
import { troubleActs } from './acts/trouble.ts';
import { workflowActs } from './acts/workflow.ts';
import type { Acts, Refused } from './protocol.ts';
import type { World } from './world.ts';

/** The acts as the server plays them: what the protocol says, in time. */
export type Played<Names extends keyof Acts> = {
  [Name in Names]: (act: Parameters<Acts[Name]>[0]) => ReturnType<Acts[Name]> | Promise<ReturnType<Acts[Name]>>;
};

export type Outcome = { result: unknown } | { refused: Refused };

/** Plays what a person did in the page. What Slack refuses is an outcome; an unknown act or broken arguments are as well. */
export function createActs(world: World): (name: string, act: unknown) => Promise<Outcome> {
  const acts: Played<keyof Acts> = {
    ...slackActs(world),
    ...workflowActs(world),
    ...jiraActs(world),
    ...troubleActs(world),
    ...clockActs(world),
  };
  return async (name, act) => {
    const play = Object.hasOwn(acts, name) ? (acts[name as keyof Acts] as (act: unknown) => unknown) : undefined;
    if (play === undefined) return { refused: { why: `The sandbox has no act "${name}".` } };
    try {
      return { result: (await play(act)) ?? null };
    } catch (error) {
      if (error instanceof Refusal) world.answered.add(error);
      return { refused: refusedOf(error) };
    }
  };
}

export function refusedOf(error: unknown): Refused {
  if (error instanceof Refusal) return { error: error.error, why: error.why, document: error.document };
  return { why: error instanceof Error ? error.message : String(error) };
}
