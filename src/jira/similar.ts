import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { projectOf } from '../key.ts';
import { searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { FIELDS, parseIssue } from './parse.ts';

/** The maximum number of issues to show. */
const MOST_SIMILAR = 5;
/** The maximum number of search results to compare. */
const CANDIDATES = 50;
/** The maximum number of words to search for. */
const MOST_WORDS = 8;
/** The share of the typed words that a summary must have. */
const ENOUGH = 0.6;

const found = z.object({ issues: z.array(z.unknown()) });

/** See `similar` in `client.ts`. @throws {JiraTrouble} */
export async function findSimilar(jira: Connection, project: string, text: string): Promise<readonly Issue[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const { url: site } = await jira.site.get();
  const request = { jql: jqlFor(project, words), fields: FIELDS, maxResults: CANDIDATES };
  const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
  // Jira answers 400 if the JQL names a project that it does not know.
  if (status === 400) return [];
  const parsed = status === 200 ? found.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.issues
    .flatMap((item) => parseIssue(item) ?? [])
    .filter(({ key }) => jira.allows(projectOf(key)))
    .map((issue) => ({ issue: { ...issue, site }, share: shareOf(words, issue.summary) }))
    .filter(({ share }) => share >= ENOUGH)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_SIMILAR)
    .map(({ issue }) => issue);
}

/**
 * The distinct words of a text that are useful in a search, without punctuation. They are in lower case, so none of them is an
 * operator such as OR. Latin words and numbers of one or two characters are left out.
 */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => word.length > 2 || /[^\p{Script=Latin}\p{N}]/u.test(word));
}

/**
 * JQL for the issues of the project that are not done and have at least one of the
 * eight longest words. Words consist of letters and digits, so nothing needs escaping.
 * https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/
 */
export function jqlFor(project: string, words: readonly string[]): string {
  const longest = words.toSorted((a, b) => b.length - a.length).slice(0, MOST_WORDS);
  return `project = "${project}" AND statusCategory != Done AND text ~ "${longest.join(' OR ')}"`;
}

/**
 * The share of `words` that the summary has, from 0 to 1. Two words
 * of four or more characters match if one is a prefix of the other.
 */
export function shareOf(words: readonly string[], summary: string): number {
  const others = wordsOf(summary);
  const same = (a: string, b: string) =>
    a === b || (Math.min(a.length, b.length) > 3 && (a.startsWith(b) || b.startsWith(a)));
  return words.filter((word) => others.some((other) => same(word, other))).length / words.length;
}
