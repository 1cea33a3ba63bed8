import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { STATUS_CATEGORIES } from '../issue.ts';
import { addressOf, parseKey } from '../key.ts';

/** The issue fields that Maro requests from Jira: only those that Maro shows. */
export const FIELDS = ['summary', 'status', 'assignee', 'issuetype', 'priority', 'updated', 'duedate'];

// A Jira summary holds up to 255 characters. Names of statuses, issue types, and people are shorter.
const LONGEST_TEXT = 255;

/** Text from Jira, reduced to one line by `oneLine`. */
export const line = z.string().transform(oneLine);
/** A numeric Jira id, for example of an issue, a project, or an issue type. */
export const id = z.string().regex(/^\d{1,19}$/);
export const issueKey = z.string().transform((text, context) => {
  const key = parseKey(text);
  if (key === undefined) context.addIssue('not an issue key');
  return key ?? z.NEVER;
});
const named = z.object({ name: line }).nullish();

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-user-get: at most 128 characters. */
const accountId = z
  .string()
  .max(128)
  .regex(/^[!-~]+$/);

/** A status category that Maro does not know counts as in progress. */
export const category = z.enum(STATUS_CATEGORIES).catch('indeterminate');

/** A day, such as `2026-11-20`. https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#date-and-time-formats */
export const day = z.iso.date().refine((text) => !text.startsWith('0000'));

const issueJson = z.object({
  id,
  key: issueKey,
  fields: z.object({
    summary: line,
    status: z.object({ name: line, statusCategory: z.object({ key: category }) }),
    assignee: z.object({ displayName: line, accountId: accountId.optional().catch(undefined) }).nullish(),
    issuetype: named,
    priority: named,
    updated: z.string().nullish(),
    duedate: day.nullish().catch(undefined),
  }),
});

/** The issue in a JSON answer from Jira, or undefined if Maro cannot read the answer. */
export function parseIssue(json: unknown): Omit<Issue, 'site'> | undefined {
  const parsed = issueJson.safeParse(json);
  if (!parsed.success) return undefined;
  const { id, key, fields } = parsed.data;
  return {
    id,
    key,
    summary: fields.summary,
    status: fields.status.name,
    category: fields.status.statusCategory.key,
    assignee: fields.assignee?.displayName,
    assigneeId: fields.assignee?.accountId,
    type: fields.issuetype?.name,
    priority: fields.priority?.name,
    updatedAt: momentIn(fields.updated),
    dueDate: fields.duedate ?? undefined,
  };
}

/**
 * The date in ISO 8601 or in milliseconds; undefined if it is none or its year is outside 1
 * to 9999. ISO 8601 writes those years with a sign, which PostgreSQL cannot read.
 */
export function momentIn(date: string | number | null | undefined): Date | undefined {
  const moment = new Date(date ?? Number.NaN);
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moment : undefined;
}

// zod compiles a schema at its first use, so each schema is created once.
const bulkJson = z.object({ issues: z.array(z.unknown()) });

/** The items, not yet validated, of a bulkfetch answer; undefined if the answer does not have the expected shape. */
export function parseBulk(json: unknown): unknown[] | undefined {
  const parsed = bulkJson.safeParse(json);
  return parsed.success ? parsed.data.issues : undefined;
}

const siteAddress = z.url({ protocol: /^https?$/ }).transform((url) => addressOf(new URL(url)));
const siteJson = z.object({
  baseUrl: siteAddress,
  displayUrl: siteAddress.optional().catch(undefined),
  displayUrlServicedeskHelpCenter: siteAddress.optional().catch(undefined),
});

/**
 * The addresses of the site, without trailing slashes; undefined if the answer does not look like one from serverInfo. The API
 * is at `baseUrl`. People see `displayUrl`, which is another one when the site has a custom domain.
 * https://community.developer.atlassian.com/t/rfc-28-custom-domains-support-for-jira/73766
 */
export function parseSite(
  json: unknown,
): { baseUrl: string; displayUrl: string | undefined; helpCenter: string | undefined } | undefined {
  const parsed = siteJson.safeParse(json);
  if (!parsed.success) return undefined;
  const { baseUrl, displayUrl, displayUrlServicedeskHelpCenter } = parsed.data;
  return { baseUrl, displayUrl, helpCenter: displayUrlServicedeskHelpCenter };
}

/**
 * Reduces text from Jira to one line of at most 255 characters that is safe to store and
 * show. Control characters (PostgreSQL rejects NUL), unpaired surrogates, and direction
 * marks are removed; a direction mark could make the rest of a line read backwards.
 */
function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  // A character has at most two UTF-16 code units.
  return line.length <= LONGEST_TEXT ? line : [...line.slice(0, 2 * LONGEST_TEXT)].slice(0, LONGEST_TEXT).join('');
}
