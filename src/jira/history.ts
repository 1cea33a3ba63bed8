import { z } from 'zod';
import type { IssueChange, KindOfChange } from '../change.ts';
import { STATUS_CATEGORIES, type StatusCategory } from '../issue.ts';
import { getCurrentUser, getStatuses } from './api.ts';
import type { Connection } from './connection.ts';
import { day, id, line, momentIn } from './parse.ts';

/** What Maro has to know to read histories: the categories of statuses by their ids, and the id of its own account. */
export type Reader = { categories: ReadonlyMap<string, StatusCategory>; account: string | undefined };

/**
 * The field of a changelog item, by the id of the field or its name, and what its change is called. The flag of an issue is a
 * custom field, so its id differs from site to site.
 * https://support.atlassian.com/jira-software-cloud/docs/flag-an-issue/
 */
const FIELDS_OF_CHANGES: ReadonlyMap<string, KindOfChange> = new Map([
  ['status', 'status'],
  ['assignee', 'assignee'],
  ['priority', 'priority'],
  ['summary', 'summary'],
  ['Key', 'moved'],
  ['duedate', 'due date'],
  ['Flagged', 'flagged'],
]);

const author = z
  .object({ accountId: z.string().min(1).max(255), displayName: line.optional().catch(undefined) })
  .nullish()
  .catch(undefined);

const historyJson = z.object({
  id: z.union([id, z.number().int().positive().transform(String)]),
  created: z.union([z.string(), z.number()]),
  author,
  items: z.array(z.unknown()),
});

/** Every JavaScript object has a function named `toString`, so only a property of its own is the item's value. */
const itemJson = z
  .custom<object>((value) => typeof value === 'object' && value !== null)
  .transform((item) => new Map(Object.entries(item)))
  .transform((item) => ({
    field: text(item.get('field')),
    fieldId: text(item.get('fieldId')),
    from: text(item.get('from')),
    to: text(item.get('to')),
    fromText: lineIn(item.get('fromString')),
    toText: lineIn(item.get('toString')),
  }));

const commentJson = z.object({
  id,
  author,
  updateAuthor: author,
  created: z.string(),
  updated: z.string().nullish(),
  visibility: z.unknown().optional(),
  jsdPublic: z.boolean().optional(),
});

/**
 * The changes in a history of an issue, as changelogs and webhooks have it. Items about other fields, and what Maro
 * cannot read, are left out.
 */
export function changesInHistory(issueId: string, json: unknown, reader: Reader): IssueChange[] {
  const parsed = historyJson.safeParse(json);
  const at = parsed.success ? momentOf(parsed.data.created) : undefined;
  if (!parsed.success || at === undefined) return [];
  const { id, author, items } = parsed.data;
  const changes = items.flatMap((json): IssueChange[] => {
    const item = itemJson.safeParse(json);
    if (!item.success) return [];
    const { field, fieldId, from, to, fromText, toText } = item.data;
    const what = FIELDS_OF_CHANGES.get(fieldId ?? '') ?? FIELDS_OF_CHANGES.get(field ?? '');
    if (what === undefined) return [];
    const category = (status: string | undefined) =>
      what === 'status' ? reader.categories.get(status ?? '') : undefined;
    return [
      {
        ...changeBy(author, reader),
        issueId,
        id: `history ${id} ${what}`,
        what,
        at,
        // The text of a due date has a time. Its id is the day.
        from: what === 'due date' ? dayIn(from) : fromText,
        to: what === 'due date' ? dayIn(to) : toText,
        fromCategory: category(from),
        toCategory: category(to),
      },
    ];
  });
  // A site can have several fields named "Flagged". The last one counts.
  return [...new Map(changes.map((change) => [change.id, change])).values()];
}

/** A change that has no values, such as a comment. */
export function changeBy(
  author: { accountId: string; displayName?: string | undefined } | null | undefined,
  { account }: Reader,
): Omit<IssueChange, 'issueId' | 'id' | 'what' | 'at'> {
  return {
    author: author ? { id: author.accountId, name: author.displayName } : undefined,
    byMaro: account !== undefined && author?.accountId === account,
    from: undefined,
    to: undefined,
    fromCategory: undefined,
    toCategory: undefined,
  };
}

/**
 * The changes that a comment is: that it was written, and that it was edited last. A comment that only some people
 * may read is none, since a channel's people may not be among them.
 */
export function changesInComment(issueId: string, json: unknown, reader: Reader): IssueChange[] {
  const parsed = commentJson.safeParse(json);
  if (!parsed.success || isRestricted(parsed.data)) return [];
  const { id, author, updateAuthor, created, updated } = parsed.data;
  const [written, edited] = [momentIn(created), momentIn(updated)];
  if (written === undefined) return [];
  const change = { issueId, id: `comment ${id}`, what: 'comment' as const, at: written };
  return [
    { ...changeBy(author, reader), ...change },
    ...(edited === undefined || edited.getTime() === written.getTime()
      ? []
      : [
          {
            ...changeBy(updateAuthor, reader),
            issueId,
            id: `comment ${id} ${edited.toISOString()}`,
            what: 'comment edited' as const,
            at: edited,
          },
        ]),
  ];
}

/** That a comment was deleted. Neither Jira's histories nor its comments show that later. */
export function deletedComment(issueId: string, json: unknown, at: Date, by: unknown, reader: Reader): IssueChange[] {
  const parsed = commentJson.safeParse(json);
  if (!parsed.success || isRestricted(parsed.data)) return [];
  const change = { issueId, id: `comment ${parsed.data.id} deleted`, what: 'comment deleted' as const, at };
  return [{ ...changeBy(author.parse(by), reader), ...change }];
}

/** That an issue was deleted. */
export function deletedIssue(issueId: string, at: Date, by: unknown, reader: Reader): IssueChange {
  return { ...changeBy(author.parse(by), reader), issueId, id: 'deleted', what: 'deleted', at };
}

function isRestricted({ visibility, jsdPublic }: z.infer<typeof commentJson>): boolean {
  return (visibility !== undefined && visibility !== null) || jsdPublic === false;
}

/**
 * The date in ISO 8601, in milliseconds, or in seconds. The reference declares a date and time
 * for changelogs, and its example has seconds.
 */
export function momentOf(created: string | number): Date | undefined {
  if (typeof created === 'string') return momentIn(created);
  // As seconds, a number as large as this would be in the year 5138.
  return momentIn(created > 1e11 ? created : created * 1000);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function lineIn(value: unknown): string | undefined {
  return line.safeParse(value).data || undefined;
}

function dayIn(value: unknown): string | undefined {
  return day.safeParse(value).data;
}

/** The account of Maro's login. @throws {JiraTrouble} */
export async function readAccount(jira: Connection): Promise<string> {
  const { status, json } = await jira.ask((client) => getCurrentUser(client));
  const parsed = status === 200 ? z.object({ accountId: z.string() }).safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.accountId;
}

const statusJson = z.object({ id, statusCategory: z.object({ key: z.enum(STATUS_CATEGORIES) }) });

/** The categories of all statuses that Maro's account can see, by their ids. @throws {JiraTrouble} */
export async function readCategories(jira: Connection): Promise<ReadonlyMap<string, StatusCategory>> {
  const { status, json } = await jira.ask((client) => getStatuses(client));
  if (status !== 200 || !Array.isArray(json)) throw jira.unreadable();
  const statuses = json.flatMap((item) => statusJson.safeParse(item).data ?? []);
  return new Map(statuses.map(({ id, statusCategory }) => [id, statusCategory.key]));
}
