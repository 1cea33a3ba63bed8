import type { Issue } from '../issue.ts';
import type { Jira } from '../jira/client.ts';
import type { Unread } from '../jira/reading.ts';
import { asTrouble, JiraTrouble } from '../jira/trouble.ts';
import { browseUrl, type IssueKey, type Typed } from '../key.ts';
import { harmless } from '../slack/text.ts';

/** What became of one thing that a person typed. Exactly one of these is said of each. */
export type Phrase =
  | 'now tracked'
  | 'tracked already'
  | 'no longer tracked'
  | 'was not tracked'
  | 'not found'
  | 'not an issue key'
  | 'not allowed'
  | 'another Jira site'
  | 'not checked';

export type Answer = {
  /** What was typed, or the key that Jira spells for it. */
  name: string;
  phrase: Phrase;
  url?: string | undefined;
  summary?: string | undefined;
  /** The key that the issue had before it moved, when it was asked for by that. */
  formerKey?: string | undefined;
  /** Why, in a sentence without its full stop. */
  because?: string | undefined;
};

/** One call takes so many keys and links: Jira reads a hundred issues at once. */
export const MOST_KEYS = 100;

export function tooMany(count: number): string {
  return `These are ${count.toLocaleString('en')} keys and links, and Maro takes ${MOST_KEYS} at a time, so nothing was changed. Send them in smaller portions.`;
}

/** Keys of our own site in the order they were typed, each once, with an answer in place of whatever is none. */
export async function resolve(typed: readonly Typed[], jira: Jira): Promise<(IssueKey | Answer)[]> {
  const resolved = await Promise.all(
    typed.map(async ({ text, key, host }): Promise<IssueKey | Answer> => {
      if (host !== undefined) {
        const ours = await jira.isOurs(host).catch(asTrouble);
        if (ours instanceof JiraTrouble) return { name: text, phrase: 'not checked', because: ours.message };
        if (!ours) return { name: text, phrase: 'another Jira site' };
      }
      return key ?? { name: text, phrase: 'not an issue key' };
    }),
  );
  return [...new Set(resolved)];
}

/** The answer for an issue that Jira knows, under the key it has now. */
export function answerFor(issue: Issue, askedAs: IssueKey, phrase: Phrase): Answer {
  return {
    name: issue.key,
    phrase,
    url: browseUrl(issue.site, issue.key),
    summary: issue.summary,
    formerKey: askedAs === issue.key ? undefined : askedAs,
  };
}

/** Why an issue that was asked for is not shown. */
export function unreadAnswer(name: IssueKey, reading: Unread): Answer {
  if (reading.state === 'trouble') return { name, phrase: 'not checked', because: reading.trouble.message };
  const isMissing = reading.state === 'not found';
  const because = isMissing ? 'Jira has no such issue that Maro can see' : 'Maro may not show this project';
  return { name, phrase: reading.state, because };
}

/** `PLAT-9: not found; foo: not an issue key`, for a step's outputs, where it can ping nobody. */
export function inWords(answers: readonly Answer[]): string {
  return answers
    .map(({ name, phrase, because }) => harmless(`${name}: ${phrase}${because === undefined ? '' : ` (${because})`}`))
    .join('; ');
}

/** Keys for a step's output, as Jira spells them, each once. */
export function keysOf(answers: readonly Answer[]): string {
  return [...new Set(answers.map(({ name }) => name))].join(', ');
}
