import { adfComplaint } from './adf.ts';
import { isObject } from './body.ts';
import type { Site } from './endpoint.ts';
import { isDate, isEmpty, labelsComplaint } from './field.ts';
import { type IssueType, type Person, type Priority, type Project, priorities } from './seed.ts';

const longestSummary = 255;

/** Why Jira does not take the summary; undefined when it does. */
export function summaryComplaint(summary: unknown): string | undefined {
  if (isEmpty(summary)) return 'You must specify a summary of the issue.';
  if (typeof summary !== 'string') return 'Operation value must be a string';
  if (/[\r\n]/.test(summary)) return 'The summary is invalid because it contains newline characters.';
  if (summary.trim() === '') return 'You must specify a summary of the issue.';
  return summary.length > longestSummary ? "Summary can't exceed 255 characters." : undefined;
}

/** What Jira says of a field that the screen does not have. */
export function notOnScreen(name: string): string {
  return `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

/** Why Jira does not take the value for a field that every type can have; undefined when it does. */
export function systemComplaint(
  name: string,
  value: unknown,
  type: IssueType,
  people: readonly Person[],
): string | undefined {
  switch (name) {
    case 'project':
    case 'issuetype':
    case 'summary':
    case 'parent':
      return undefined;
    case 'description':
      if (type.withoutDescription) return notOnScreen(name);
      return value === null ? undefined : adfComplaint(value);
    case 'reporter':
      if (type.withoutReporter) return notOnScreen(name);
      return people.some((person) => isObject(value) && person.accountId === value.accountId && !person.noReporter)
        ? undefined
        : 'The reporter specified is not a user.';
    case 'assignee':
      if (value === null && name === 'assignee') return undefined;
      return assigneeComplaint(isObject(value) ? value.accountId : undefined, people);
    case 'priority':
      return isObject(value) && priorityIn(value) !== undefined ? undefined : 'Specify a valid priority.';
    case 'labels':
      return labelsComplaint(value);
    case 'components':
    case 'fixVersions':
      return undefined;
    case 'duedate':
      return value === null || isDate(value) ? undefined : 'Error parsing date string: expected yyyy-MM-dd.';
    default:
      return type.fields?.some(({ id }) => id === name) ? undefined : notOnScreen(name);
  }
}

/** What Jira says of components and versions that the project lacks. */
export function listComplaint(name: string, value: unknown, { components, versions }: Project): string | undefined {
  const known = { components, fixVersions: versions }[name];
  if (name !== 'components' && name !== 'fixVersions') return undefined;
  if (known === undefined) return notOnScreen(name);
  const isKnown = (entry: unknown) => known.some(({ id }) => isObject(entry) && entry.id === id);
  return Array.isArray(value) && value.every(isKnown) ? undefined : `Specify a valid id for ${name}.`;
}

/** The priority that a value names by its id or its name. */
export function priorityIn({ id, name }: Record<string, unknown>): Priority | undefined {
  return priorities.find((priority, index) => name === priority || id === String(index + 1));
}

/** The handle of the person whose account id the value has. */
export function handleIn(sent: unknown, { people }: Site): string | undefined {
  return Object.entries(people).find(([, { accountId }]) => isObject(sent) && accountId === sent.accountId)?.[0];
}

/** Why Jira assigns an issue to nobody with this account id; undefined when it does. */
export function assigneeComplaint(accountId: unknown, people: readonly Person[]): string | undefined {
  const person = people.find((each) => each.accountId === accountId);
  if (person === undefined) return 'User does not exist.';
  return person.notAssignable ? `User '${person.accountId}' cannot be assigned issues.` : undefined;
}
