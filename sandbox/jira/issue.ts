import { jiraComments } from './comment.ts';
import type { Issue } from './issues.ts';
import {
  type Category,
  type IssueType,
  type Priority,
  type Project,
  priorities,
  type Resolution,
  resolutions,
  type Status,
} from './seed.ts';
import { jiraTime } from './time.ts';
import { jiraUser } from './user.ts';

/** Jira's ids, colours and English names of the categories. */
const categories: Record<Category, { id: number; colorName: string; name: string }> = {
  undefined: { id: 1, colorName: 'medium-gray', name: 'No Category' },
  new: { id: 2, colorName: 'blue-gray', name: 'To Do' },
  done: { id: 3, colorName: 'green', name: 'Done' },
  indeterminate: { id: 4, colorName: 'yellow', name: 'In Progress' },
};

/** Fields that Jira shows in no list of issues, hence not part of `*navigable`. */
const notNavigable = new Set(['comment', 'worklog', 'attachment']);

/**
 * The issue as `GET issue` and `bulkfetch` send it (Jira Cloud REST API v3, IssueBean). `rest` is the address of the
 * API that was asked, for `self`. `select` picks the fields, see `selectFields`. The field `comment` has no more than
 * `mostComments`.
 */
export function jiraIssue(
  issue: Issue,
  rest: string,
  select: (field: string) => boolean,
  mostComments = Number.POSITIVE_INFINITY,
) {
  const fields = Object.fromEntries(Object.entries(jiraFields(issue, rest)).filter(([field]) => select(field)));
  if (select('comment')) fields.comment = jiraComments(issue, rest, mostComments);
  return { ...jiraReference(issue, rest), fields };
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

/** Every field but `comment`. */
function jiraFields(issue: Issue, rest: string): Record<string, unknown> {
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
    resolutiondate: done ? jiraTime(statusSince(issue)) : null,
    duedate: null,
    labels: [],
    description: issue.description,
    ...issue.fields,
    resolution: issue.fields.resolution ? jiraResolution(issue.fields.resolution as Resolution, rest) : null,
  };
}

/** When the issue got the status that it has. */
function statusSince({ histories, created }: Issue): Date {
  return histories.findLast(({ items }) => items.some(({ fieldId }) => fieldId === 'status'))?.created ?? created;
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

export function jiraStatus(status: Status, rest: string) {
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

export function jiraResolution(name: Resolution, rest: string) {
  const id = String(10_000 + resolutions.indexOf(name));
  return { self: `${rest}/resolution/${id}`, id, name, description: '' };
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
