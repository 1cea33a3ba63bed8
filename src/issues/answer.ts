import type { Issue } from '../issue.ts';
import type { Jira } from '../jira/client.ts';
import { known, type Unread } from '../jira/reading.ts';
import { browseUrl, type IssueKey, type Typed } from '../key.ts';
import { harmless } from '../slack/text.ts';

/** The outcome for one key or link that a person typed. Each key or link gets exactly one phrase. */
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
  /** The text that was typed, or the key as Jira spells it. */
  name: string;
  phrase: Phrase;
  url?: string | undefined;
  summary?: string | undefined;
  /** The key that was typed, if the issue has since moved and has another key. */
  formerKey?: string | undefined;
  /** The reason, in whole sentences. */
  because?: string | undefined;
};

/** The most keys and links in one request. Jira reads up to 100 issues in one call. */
export const MOST_KEYS = 100;

export function tooMany(count: number): string {
  return `That’s ${count.toLocaleString('en')} issues, and the limit is ${MOST_KEYS}. Nothing changed. Split them up.`;
}

/** Resolves typed text to keys of Maro's Jira site, in order, each once. Other text becomes an answer. */
export async function resolve(typed: readonly Typed[], jira: Jira): Promise<(IssueKey | Answer)[]> {
  const resolved = await Promise.all(
    typed.map(async ({ text, key, host }): Promise<IssueKey | Answer> => {
      if (host !== undefined) {
        const ours = await known(jira.isOurs(host));
        if (ours.state === 'trouble') return { name: text, phrase: 'not checked', because: ours.trouble.message };
        if (!ours.value) return { name: text, phrase: 'another Jira site' };
      }
      return key ?? { name: text, phrase: 'not an issue key' };
    }),
  );
  return [...new Set(resolved)];
}

/** The answer for an issue that Jira shows, under the issue's current key. */
export function answerFor(issue: Issue, askedAs: IssueKey, phrase: Phrase): Answer {
  return {
    name: issue.key,
    phrase,
    url: browseUrl(issue.site, issue.key),
    summary: issue.summary,
    formerKey: askedAs === issue.key ? undefined : askedAs,
  };
}

/** The answer for an issue that could not be read, with the reason. */
export function unreadAnswer(name: IssueKey, reading: Unread): Answer {
  if (reading.state === 'trouble') return { name, phrase: 'not checked', because: reading.trouble.message };
  const isMissing = reading.state === 'not found';
  const because = isMissing
    ? 'There’s no such issue, or Maro can’t see it.'
    : 'Maro isn’t allowed to show this project.';
  return { name, phrase: reading.state, because };
}

/**
 * Formats answers for a step's output, in whole sentences that cannot mention anyone. Answers with the same reason
 * stand together, before the reason: `foo: not an issue key. PLAT-8: not found; PLAT-9: not found. Jira has no…`
 */
export function inWords(answers: readonly { name: string; phrase: string; because?: string | undefined }[]): string {
  const byReason = Map.groupBy(answers, ({ because }) => because);
  return [...byReason]
    .flatMap(([because, group]) => [
      `${group.map(({ name, phrase }) => harmless(`${name}: ${phrase}`)).join('; ')}.`,
      ...(because === undefined ? [] : [harmless(because)]),
    ])
    .join(' ');
}

/** Formats keys for a step's output: as Jira spells them, each once, separated by commas. */
export function keysOf(answers: readonly Answer[]): string {
  return [...new Set(answers.map(({ name }) => name))].join(', ');
}
