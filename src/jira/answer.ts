import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { STATUS_CATEGORIES } from '../issue.ts';
import { addressOf, parseKey } from '../key.ts';

/** The fields of an issue that Maro asks Jira for: what it shows, and nothing more. */
export const FIELDS = ['summary', 'status', 'assignee', 'issuetype', 'priority', 'updated'];

// Jira: a summary holds 255 characters. Names of statuses, types and people are shorter.
const LONGEST_TEXT = 255;

/** Jira's text as one line. */
export const line = z.string().transform(oneLine);
/** Jira's own ids, of whatever it is. */
export const id = z.string().regex(/^\d{1,19}$/);
export const issueKey = z.string().transform((text, context) => {
  const key = parseKey(text);
  if (key === undefined) context.addIssue('not an issue key');
  return key ?? z.NEVER;
});
const named = z.object({ name: line }).nullish();

const issueAnswer = z.object({
  id,
  key: issueKey,
  fields: z.object({
    summary: line,
    // A category that is new to Maro counts as in progress: neither waiting nor over.
    status: z.object({
      name: line,
      statusCategory: z.object({ key: z.enum(STATUS_CATEGORIES).catch('indeterminate') }),
    }),
    assignee: z.object({ displayName: line }).nullish(),
    issuetype: named,
    priority: named,
    updated: z.string().nullish(),
  }),
});

/** The issue in a wire answer, or undefined when it is not one that Maro can read. */
export function parseIssue(answer: unknown): Omit<Issue, 'site'> | undefined {
  const parsed = issueAnswer.safeParse(answer);
  if (!parsed.success) return undefined;
  const { id, key, fields } = parsed.data;
  return {
    id,
    key,
    summary: fields.summary,
    status: fields.status.name,
    category: fields.status.statusCategory.key,
    assignee: fields.assignee?.displayName,
    type: fields.issuetype?.name,
    priority: fields.priority?.name,
    updatedAt: momentIn(fields.updated),
  };
}

/** Undefined for what is no moment, and for one in a year that ISO 8601 spells with a sign, which PostgreSQL does not read. */
function momentIn(text: string | null | undefined): Date | undefined {
  const moment = new Date(text ?? Number.NaN);
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moment : undefined;
}

/** The items of a bulkfetch answer, still to be parsed one by one; undefined when it is no such answer. */
export function parseBulk(answer: unknown): unknown[] | undefined {
  const parsed = z.object({ issues: z.array(z.unknown()) }).safeParse(answer);
  return parsed.success ? parsed.data.issues : undefined;
}

/** The site's address without a slash at its end; undefined when the answer is not one of serverInfo's. */
export function parseSite(answer: unknown): string | undefined {
  const parsed = z.object({ baseUrl: z.url({ protocol: /^https?$/ }) }).safeParse(answer);
  return parsed.success ? addressOf(new URL(parsed.data.baseUrl)) : undefined;
}

/**
 * Jira's text as one line that is safe to store and to show: no control characters (PostgreSQL refuses NUL), no half
 * surrogates, and no direction marks, which could make the rest of a line read backwards.
 */
function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  // A letter has at most two units.
  return line.length <= LONGEST_TEXT ? line : [...line.slice(0, 2 * LONGEST_TEXT)].slice(0, LONGEST_TEXT).join('');
}
