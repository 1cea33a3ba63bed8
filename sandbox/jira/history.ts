import { adfText } from './adf.ts';
import type { Issue } from './issues.ts';
import { flagField, impediment, type Person, priorities, type Resolution, resolutions } from './seed.ts';
import { SPRINT, sprintOf } from './sprint.ts';
import { jiraTime } from './time.ts';
import { jiraUser } from './user.ts';

/** REST API v3, ChangeDetails. `from` and `to` are ids; `fieldId` is missing where the field has none. */
export type ChangeItem = {
  field: string;
  fieldtype: 'jira' | 'custom';
  fieldId?: string;
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
};

/** What one act changed of an issue. `author` is null when Jira names nobody. */
export type History = { id: string; author: Person | null; created: Date; items: ChangeItem[] };

type Value = readonly [id: string | null, text: string | null];
type Logged = { field: string; fieldId?: string; fieldtype?: 'custom'; of(issue: Issue): Value };

const nothing: Value = [null, null];

/**
 * What Jira logs of an issue, by the names that its changelogs have. A moved key and a parent have no `fieldId`; a parent is
 * told by its id alone.
 */
const logged: readonly Logged[] = [
  { field: 'project', fieldId: 'project', of: ({ project }) => [project.id, project.name] },
  { field: 'Key', of: ({ key }) => [null, key] },
  { field: 'issuetype', fieldId: 'issuetype', of: ({ type }) => [type.id, type.name] },
  { field: 'status', fieldId: 'status', of: ({ status }) => [status.id, status.name] },
  { field: 'summary', fieldId: 'summary', of: ({ summary }) => [null, summary] },
  { field: 'description', fieldId: 'description', of: ({ description }) => [null, adfText(description) || null] },
  { field: 'assignee', fieldId: 'assignee', of: ({ assignee }) => personValue(assignee) },
  {
    field: 'priority',
    fieldId: 'priority',
    of: ({ priority }) => (priority === null ? nothing : [String(priorities.indexOf(priority) + 1), priority]),
  },
  { field: 'IssueParentAssociation', of: ({ parent }) => [parent?.id ?? null, null] },
  {
    field: 'Sprint',
    fieldId: SPRINT,
    fieldtype: 'custom',
    of: (issue) => {
      const sprint = sprintOf(issue);
      return sprint === undefined ? nothing : [String(sprint.id), sprint.name];
    },
  },
  { field: 'labels', fieldId: 'labels', of: ({ fields }) => [null, listOf(fields.labels)] },
  {
    field: 'resolution',
    fieldId: 'resolution',
    of: ({ fields }) => {
      const at = resolutions.indexOf(fields.resolution as Resolution);
      return at < 0 ? nothing : [String(10_000 + at), resolutions[at] ?? null];
    },
  },
  { field: 'duedate', fieldId: 'duedate', of: ({ fields }) => dateValue(fields.duedate) },
  // Checkboxes have empty texts where nothing is checked.
  {
    ...{ field: 'Flagged', fieldtype: 'custom', fieldId: flagField },
    of: ({ fields }) => (fields[flagField] ? [`[${impediment.id}]`, impediment.value] : ['', '']),
  },
];

/** What differs, in Jira's words. */
export function changeItems(before: Issue, after: Issue): ChangeItem[] {
  return logged.flatMap(({ of, ...field }) => {
    const [[from, fromString], [to, text]] = [of(before), of(after)];
    if (from === to && fromString === text) return [];
    return [{ fieldtype: 'jira' as const, ...field, from, fromString, to, toString: text }];
  });
}

/** What a new issue has been given, as the changelog of `jira:issue_created` tells it: the status in a word of its own. */
export function creationItems(issue: Issue): ChangeItem[] {
  return logged.flatMap(({ of, ...field }) => {
    const [to, text] = of(issue);
    if (['project', 'Key', 'issuetype'].includes(field.field) || !(to ?? text)) return [];
    const name = field.field === 'status' ? 'Status' : field.field;
    return [{ fieldtype: 'jira' as const, ...field, field: name, from: null, fromString: null, to, toString: text }];
  });
}

/** The item with which Jira logs a new remote link. It has no `fieldId`. */
export function linkItem(id: number, title: string): ChangeItem {
  return {
    field: 'RemoteWorkItemLink',
    fieldtype: 'jira',
    from: null,
    fromString: null,
    to: String(id),
    toString: `This work item links to "${title}"`,
  };
}

/** REST API v3, Changelog. */
export function jiraHistory({ id, author, created, items }: History, rest: string) {
  return { id, ...(author && { author: jiraUser(author, rest) }), created: jiraTime(created), items };
}

/** REST API v3, PageOfChangelogs: the newest first, and no more than `most`. */
export function jiraChangelog({ histories }: Issue, rest: string, most: number) {
  const page = histories.toReversed().slice(0, most);
  return {
    startAt: 0,
    maxResults: page.length,
    total: histories.length,
    histories: page.map((history) => jiraHistory(history, rest)),
  };
}

function personValue(person: Person | null): Value {
  return person === null ? nothing : [person.accountId, person.displayName];
}

function listOf(labels: unknown): string | null {
  return Array.isArray(labels) && labels.length > 0 ? labels.join(' ') : null;
}

function dateValue(date: unknown): Value {
  return typeof date === 'string' ? [date, `${date} 00:00:00.0`] : nothing;
}
