import { type Answer, errorCollection, json } from './answer.ts';
import { invalidPayload, isObject, objectIn } from './body.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { type CustomField, fieldComplaint, isEmpty, shownValue } from './field.ts';
import { type Issue, isHidden } from './issues.ts';
import { propertiesIn } from './property.ts';
import type { IssueType, Person, Project } from './seed.ts';
import { handleIn, listComplaint, priorityIn, summaryComplaint, systemComplaint } from './system-field.ts';
import { jiraUser } from './user.ts';

/** REST API v3, "Bulk create issue": "Creates upto 50 issues". */
const bulkLimit = 50;

type Refusal = { errorMessages: string[]; errors: Record<string, string> };

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
  const issue = {
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
  };
  return site.issues.create(project.key, issue, 'maro');
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
  return found && isHidden(found) ? undefined : found;
}

function projectIn(sent: unknown, { projects }: Site): Project | undefined {
  if (!isObject(sent)) return undefined;
  return projects.find(({ key, id, forbidden }) => !forbidden && (sent.key === key || sent.id === id));
}

function typeIn(sent: unknown, { types }: Project): IssueType | undefined {
  if (!isObject(sent)) return undefined;
  return types.find(({ id, name }) => sent.id === id || (sent.id === undefined && sent.name === name));
}

/** What Jira fills in by itself. */
function defaultOf({ hasDefaultValue, options }: CustomField): unknown {
  return hasDefaultValue ? options?.[0] : undefined;
}

function refusal(errors: Record<string, string>, ...errorMessages: string[]): Refusal {
  return { errorMessages, errors };
}
