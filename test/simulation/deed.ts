import type { Issue } from '../../sandbox/jira/index.ts';
import type { Message } from '../../sandbox/slack/index.ts';
import { words } from '../maro.ts';
import type { System } from './system.ts';

/** What must not happen. */
export const WRONGS = [
  'doubled',
  'told as done and not there',
  'told as not done and there',
  'without an answer',
  'not understood',
  'late',
  'not as in Jira',
  'a board that differs',
  'a list that does not follow',
  'not told once',
  'not deleted as promised',
  'crossed workspaces',
  'fatal',
] as const;
export type Wrong = { what: (typeof WRONGS)[number]; deed: string };

/** Something that somebody did. */
export type Deed = {
  name: string;
  /** Settles when Slack has the answer. `held`: the delivery did not reach Maro, or its process died with it. */
  done: Promise<'answered' | 'held' | 'late'>;
  /** The last that was said of it. */
  said(): string;
  /** What is wrong with it once everything is at rest. */
  judge(system: System): Promise<Wrong['what'][]>;
};

export const FRESH = 'C1';
export const TRACKED = 'C2';
/** Where nobody acts. It has a board, gets replies in a thread, and is archived for a while. */
export const WATCHED = 'C4';

/** Where nobody acts, and whose list follows a query. */
export const FOLLOWED = 'C3';

/** Words that say that nothing was done. */
const DENIAL =
  /nothing (changed|was (added|assigned|changed|created|done|linked|moved|posted|tracked|untracked|watched))|was not done|(wasn’t|weren’t) (assigned|changed|moved|watched)/i;
/** Words that leave open what was done. */
const DOUBT = /may or may not|not confirmed yet|in a moment|can’t tell|will try again|on its way/i;

/** Words that say that what was typed holds no issue. Every deed names one. */
export const NOT_UNDERSTOOD = /not an issue key|mentions no Jira issues|Add an issue key|doesn’t know/;

/** Whether a sentence says that nothing was done, and leaves no doubt. */
export function denies(sentence: string): boolean {
  return DENIAL.test(sentence) && !DOUBT.test(sentence);
}

/** How a delivery ended: Slack itself says when nobody acknowledged it. */
export async function outcomeOf(asked: Promise<unknown>): Deed['done'] {
  try {
    await asked;
    return 'answered';
  } catch (error) {
    return (error as { error?: string }).error === 'operation_timeout' ? 'late' : 'held';
  }
}

export async function isTracked({ sql }: System, channel: string, key: string): Promise<boolean> {
  const rows = await sql`
    select from tracked_issues join jira_issues using (tenant_id, site, issue_id)
    where tenant_id = 'T0ACME' and channel_id = ${channel} and issue_key = ${key}`;
  return rows.length > 0;
}

/** The issues with this summary. */
export function made({ jira }: System, summary: string): Issue[] {
  return jira.issues.all().filter((issue) => issue.summary === summary);
}

/** What everybody reads in a channel. */
export function posted({ slack }: System, channel: string, text: string): Message[] {
  return slack
    .everything()
    .filter((message) => message.channel === channel && message.ephemeral_to === undefined && !message.deleted)
    .filter((message) => message.bot_id !== undefined && words(message).includes(text));
}

/** What a person was told privately that names this: in direct messages, or where the person asked. */
export function toldDirectly({ slack }: System, text: string): Message[] {
  return slack
    .everything()
    .filter(
      (message) =>
        (message.channel.startsWith('D') || message.ephemeral_to !== undefined) && words(message).includes(text),
    );
}
