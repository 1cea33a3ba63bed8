import { adfComplaint } from './adf.ts';
import { type Answer, errorCollection, json } from './answer.ts';
import { invalidPayload, isObject, objectIn } from './body.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { type CustomField, fieldComplaint, isDate, isEmpty, labelsComplaint, shownValue } from './field.ts';
import { jiraUser } from './issue.ts';
import type { Issue } from './issues.ts';
import { type IssueType, type Person, type Project, priorities } from './seed.ts';

/** REST API v3, "Bulk create issue": "Creates upto 50 issues". */
const bulkLimit = 50;
const longestSummary = 255;
/** REST API v3, "Set issue property": a key has up to 255 characters. */
const longestPropertyKey = 255;

type Refusal = { errorMessages: string[]; errors: Record<string, string> };
type Properties = Record<string, unknown>;

/** POST issue */
export function createIssue(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const unplayed = unplayedIn(body.object);
  if (unplayed !== undefined) return notPlayed(unplayed);
  const made = createOne(body.object, site);
  return 'errors' in made ? json(400, made) : json(201, reference(made, site));
}

/** POST issue/bulk */
export function createIssues(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { issueUpdates, ...others } = body.object;
  if (!Array.isArray(issueUpdates) || !issueUpdates.every(isObject) || Object.keys(others).length > 0) {
    return invalidPayload().refusal;
  }
  if (issueUpdates.length === 0) return errorCollection(400, 'There is no issue to create.');
  if (issueUpdates.length > bulkLimit) {
    return errorCollection(400, `At most ${bulkLimit} issues may be created at a time.`);
  }
  const unplayed = issueUpdates.map(unplayedIn).find((name) => name !== undefined);
  if (unplayed !== undefined) return notPlayed(unplayed);
  const all = issueUpdates.map((update) => createOne(update, site));
  const issues = all.flatMap((made) => ('errors' in made ? [] : [reference(made, site)]));
  const errors = all.flatMap((made, failedElementNumber) =>
    'errors' in made ? [{ status: 400, elementErrors: made, failedElementNumber }] : [],
  );
  return json(issues.length > 0 ? 201 : 400, { issues, errors });
}

function unplayedIn(update: Record<string, unknown>): string | undefined {
  return ['update', 'transition', 'historyMetadata'].find((name) => update[name] !== undefined);
}

function reference({ id, key }: Issue, { rest }: Site) {
  return { id, key, self: `${rest}/issue/${id}` };
}

function createOne(update: Record<string, unknown>, site: Site): Issue | Refusal {
  const { fields, properties = [], ...others } = update;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refusal({}, `Unrecognized field "${unknown}".`);
  if (!isObject(fields)) return refusal({}, 'The field "fields" is needed.');
  const carried = propertiesIn(properties);
  if (carried === undefined) return refusal({}, 'Each property needs a key and a value.');

  const project = projectIn(fields.project, site);
  if (project === undefined) return refusal({ project: 'Specify a valid project ID or key' });
  const type = typeIn(fields.issuetype, project);
  if (type === undefined) return refusal({ issuetype: 'Specify a valid issue type' });
  const people = Object.values(site.people);
  const errors = complaints(fields, type, project, site);
  if (Object.keys(errors).length > 0) return refusal(errors);
  const reporter = handleIn(fields.reporter, site);

  const parent = isObject(fields.parent) ? parentIn(fields.parent, site) : undefined;
  const given = (type.fields ?? []).map((field) => [field, fields[field.id] ?? defaultOf(field)] as const);
  return site.issues.create(project.key, {
    summary: (fields.summary as string).trim(),
    type: type.name,
    ...(isObject(fields.priority) && { priority: priorityIn(fields.priority) ?? null }),
    assignee: handleIn(fields.assignee, site) ?? null,
    parent: parent?.key ?? null,
    description: fields.description ?? null,
    properties: carried,
    fields: Object.fromEntries([
      ...(reporter === undefined ? [] : [['reporter', jiraUser(site.people[reporter] as Person, site.rest)]]),
      ...['labels', 'duedate', 'components', 'fixVersions']
        .filter((name) => fields[name] !== undefined)
        .map((name) => [name, fields[name]]),
      ...given
        .filter(([, value]) => !isEmpty(value))
        .map(([field, value]) => [field.id, shownValue(field, value, people, site.rest)]),
    ]),
  });
}

/** What Jira says of each field that it does not take, or that it misses. */
function complaints(
  fields: Record<string, unknown>,
  type: IssueType,
  project: Project,
  site: Site,
): Record<string, string> {
  const people = Object.values(site.people);
  const errors: Record<string, string> = {};
  const complain = (field: string, words: string | undefined) => {
    if (words !== undefined) errors[field] = words;
  };
  complain('summary', summaryComplaint(fields.summary));
  complain('parent', parentComplaint(fields.parent, type, project, site));
  for (const field of type.fields ?? []) {
    const value = fields[field.id];
    if (!isEmpty(value)) complain(field.id, fieldComplaint(field, value, people));
    else if (field.required && !field.hasDefaultValue) complain(field.id, `${field.name} is required.`);
  }
  for (const name of type.requires ?? []) if (isEmpty(fields[name])) complain(name, `${name} is required.`);
  for (const [name, value] of Object.entries(fields)) {
    complain(name, listComplaint(name, value, project) ?? systemComplaint(name, value, type, people));
  }
  return errors;
}

function summaryComplaint(summary: unknown): string | undefined {
  if (isEmpty(summary)) return 'You must specify a summary of the issue.';
  if (typeof summary !== 'string') return 'Operation value must be a string';
  if (/[\r\n]/.test(summary)) return 'The summary is invalid because it contains newline characters.';
  if (summary.trim() === '') return 'You must specify a summary of the issue.';
  return summary.length > longestSummary ? "Summary can't exceed 255 characters." : undefined;
}

function notOnScreen(name: string): string {
  return `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

function systemComplaint(name: string, value: unknown, type: IssueType, people: readonly Person[]): string | undefined {
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
      return people.some(({ accountId }) => isObject(value) && accountId === value.accountId)
        ? undefined
        : `User does not exist.`;
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
function listComplaint(name: string, value: unknown, { components, versions }: Project): string | undefined {
  const known = { components, fixVersions: versions }[name];
  if (name !== 'components' && name !== 'fixVersions') return undefined;
  if (known === undefined) return notOnScreen(name);
  const isKnown = (entry: unknown) => known.some(({ id }) => isObject(entry) && entry.id === id);
  return Array.isArray(value) && value.every(isKnown) ? undefined : `Specify a valid id for ${name}.`;
}

/** A parent is one level up and in the same project. */
function parentComplaint(parent: unknown, type: IssueType, project: Project, site: Site): string | undefined {
  if (parent === undefined) {
    return type.hierarchyLevel === -1 ? 'A sub-task needs the key or the id of its parent.' : undefined;
  }
  const found = isObject(parent) ? parentIn(parent, site) : undefined;
  if (found === undefined) return 'Could not find issue by id or key.';
  return found.project === project && found.type.hierarchyLevel === type.hierarchyLevel + 1
    ? undefined
    : 'Given parent issue does not belong to appropriate hierarchy.';
}

function parentIn({ key, id }: Record<string, unknown>, { issues }: Site): Issue | undefined {
  const found = issues.find(String(key ?? id ?? ''));
  return found?.forbidden ? undefined : found;
}

function projectIn(sent: unknown, { projects }: Site): Project | undefined {
  if (!isObject(sent)) return undefined;
  return projects.find(({ key, id, forbidden }) => !forbidden && (sent.key === key || sent.id === id));
}

function typeIn(sent: unknown, { types }: Project): IssueType | undefined {
  if (!isObject(sent)) return undefined;
  return types.find(({ id, name }) => sent.id === id || (sent.id === undefined && sent.name === name));
}

function priorityIn({ id, name }: Record<string, unknown>) {
  return priorities.find((priority, index) => name === priority || id === String(index + 1));
}

function handleIn(sent: unknown, { people }: Site): string | undefined {
  return Object.entries(people).find(([, { accountId }]) => isObject(sent) && accountId === sent.accountId)?.[0];
}

/** What Jira fills in by itself. */
function defaultOf({ hasDefaultValue, options }: CustomField): unknown {
  return hasDefaultValue ? options?.[0] : undefined;
}

/** EntityProperty: a key, and a value of any kind. */
function propertiesIn(sent: unknown): Properties | undefined {
  const fits = (entry: unknown) =>
    isObject(entry) &&
    Object.keys(entry).sort().join() === 'key,value' &&
    typeof entry.key === 'string' &&
    entry.key !== '' &&
    entry.key.length <= longestPropertyKey;
  if (!Array.isArray(sent) || !sent.every(fits)) return undefined;
  return Object.fromEntries(sent.map(({ key, value }) => [key, value]));
}

function refusal(errors: Record<string, string>, ...errorMessages: string[]): Refusal {
  return { errorMessages, errors };
}
