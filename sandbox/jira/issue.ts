import type { Issue } from './issues.ts';
import {
  type Category,
  type IssueType,
  type Person,
  type Priority,
  type Project,
  priorities,
  type Status,
} from './seed.ts';

/** Jira's ids, colours and English names of the categories. */
const categories: Record<Category, { id: number; colorName: string; name: string }> = {
  undefined: { id: 1, colorName: 'medium-gray', name: 'No Category' },
  new: { id: 2, colorName: 'blue-gray', name: 'To Do' },
  done: { id: 3, colorName: 'green', name: 'Done' },
  indeterminate: { id: 4, colorName: 'yellow', name: 'In Progress' },
};

/** Fields that Jira shows in no list of issues, hence not part of `*navigable`. */
const notNavigable = new Set(['comment', 'worklog', 'attachment']);

/** Jira's way to write a time: milliseconds, and an offset without a colon. */
export function jiraTime(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}

export function jiraUser(person: Person, rest: string) {
  return {
    self: `${rest}/user?accountId=${encodeURIComponent(person.accountId)}`,
    accountId: person.accountId,
    accountType: 'atlassian',
    active: true,
    displayName: person.displayName,
    ...(person.emailAddress !== undefined && !person.hidesEmail && { emailAddress: person.emailAddress }),
    timeZone: 'Europe/Berlin',
  };
}

/**
 * The issue as `GET issue` and `bulkfetch` send it (Jira Cloud REST API v3, IssueBean). `rest` is the address of the
 * API that was asked, for `self`. `select` picks the fields, see `selectFields`.
 */
export function jiraIssue(issue: Issue, rest: string, select: (field: string) => boolean) {
  const fields = Object.entries(jiraFields(issue, rest)).filter(([field]) => select(field));
  return { ...jiraReference(issue, rest), fields: Object.fromEntries(fields) };
}

/**
 * Which fields the parameter `fields` asks for: names, `*all`, `*navigable`, and `-name` to leave one out, each entry
 * possibly several of them separated by commas. Names that no issue has are passed over, as in Jira.
 */
export function selectFields(fields: string[], byDefault: '*all' | '*navigable'): (field: string) => boolean {
  const names = fields.flatMap((entry) => entry.split(',')).map((name) => name.trim());
  const without = new Set(names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const wanted = new Set(names.filter((name) => name !== '' && !name.startsWith('-')));
  if (wanted.size === 0) wanted.add(byDefault);
  return (field) =>
    !without.has(field) &&
    (wanted.has(field) || wanted.has('*all') || (wanted.has('*navigable') && !notNavigable.has(field)));
}

function jiraReference(issue: Issue, rest: string) {
  return { id: issue.id, key: issue.key, self: `${rest}/issue/${issue.id}` };
}

function jiraFields(issue: Issue, rest: string) {
  const done = issue.status.category === 'done';
  return {
    ...jiraParentFields(issue, rest),
    project: jiraProject(issue.project, rest),
    assignee: issue.assignee && jiraUser(issue.assignee, rest),
    ...(issue.parent && {
      parent: { ...jiraReference(issue.parent, rest), fields: jiraParentFields(issue.parent, rest) },
    }),
    created: jiraTime(issue.created),
    updated: jiraTime(issue.updated),
    resolutiondate: done ? jiraTime(issue.updated) : null,
    duedate: null,
    labels: [],
    description: issue.description,
    ...issue.fields,
    comment: { comments: [], self: `${rest}/issue/${issue.id}/comment`, maxResults: 0, total: 0, startAt: 0 },
  };
}

function jiraParentFields(issue: Issue, rest: string) {
  return {
    summary: issue.summary,
    status: jiraStatus(issue.status, rest),
    priority: issue.priority && jiraPriority(issue.priority, rest),
    issuetype: jiraType(issue.type, rest),
  };
}

export function jiraType({ id, name, hierarchyLevel }: IssueType, rest: string) {
  return {
    self: `${rest}/issuetype/${id}`,
    id,
    description: '',
    name,
    subtask: hierarchyLevel === -1,
    hierarchyLevel,
  };
}

function jiraStatus(status: Status, rest: string) {
  const category = categories[status.category];
  return {
    self: `${rest}/status/${status.id}`,
    description: '',
    name: status.name,
    id: status.id,
    statusCategory: { self: `${rest}/statuscategory/${category.id}`, key: status.category, ...category },
  };
}

export function jiraPriority(name: Priority, rest: string) {
  const id = String(priorities.indexOf(name) + 1);
  return { self: `${rest}/priority/${id}`, name, id };
}

export function jiraProject(project: Project, rest: string) {
  return {
    self: `${rest}/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    simplified: false,
  };
}
