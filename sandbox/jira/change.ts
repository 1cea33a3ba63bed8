import { isObject } from './body.ts';
import { systemFields } from './createmeta.ts';
import type { Site } from './endpoint.ts';
import { fieldComplaint, isEmpty, jiraField, shownValue } from './field.ts';
import { jiraResolution } from './issue.ts';
import type { Issue, IssueChange } from './issues.ts';
import { type Resolution, resolutions } from './seed.ts';
import { handleIn, listComplaint, notOnScreen, priorityIn, summaryComplaint, systemComplaint } from './system-field.ts';

/** A field of a screen, as Jira describes it for an issue (REST API v3, FieldMetadata). */
type FieldMetadata = { required: boolean; name: string; key: string } & Record<string, unknown>;

/** Every field that a screen of the issue could have, by its id. */
export function fieldsOf({ project, type }: Issue, rest: string): Record<string, FieldMetadata> {
  const resolution = {
    required: false,
    schema: { type: 'resolution', system: 'resolution' },
    name: 'Resolution',
    key: 'resolution',
    hasDefaultValue: false,
    operations: ['set'],
    allowedValues: resolutions.map((name) => jiraResolution(name, rest)),
    fieldId: 'resolution',
  };
  const all = [
    ...systemFields(project, type, rest),
    resolution,
    ...(type.fields ?? []).map((field) => jiraField(field, rest)),
  ];
  return Object.fromEntries(all.map(({ fieldId, ...field }) => [fieldId, field as unknown as FieldMetadata]));
}

/**
 * What `fields` and `update` of a request change of an issue (REST API v3, IssueUpdateDetails), or why Jira does not take them, by
 * field. `screen` has the fields that may be set, and those of them that must be. `update` can only set values, except of labels,
 * which it can add and remove.
 */
export function changeIn(
  { fields, update }: { fields: Record<string, unknown>; update: Record<string, unknown> },
  screen: Readonly<Record<string, 'required' | 'optional'>>,
  issue: Issue,
  site: Site,
): { change: IssueChange } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const given = { ...fields };
  for (const [name, operations] of Object.entries(update)) {
    if (Object.hasOwn(fields, name)) errors[name] = `Field '${name}' cannot appear in both 'fields' and 'update'`;
    const value = updated(name, operations, issue);
    if (value === undefined) errors[name] ??= `Field '${name}' does not support this operation.`;
    else given[name] = value;
  }
  for (const [name, need] of Object.entries(screen)) {
    if (need === 'required' && isEmpty(given[name] ?? present(issue, name))) {
      errors[name] = `${fieldsOf(issue, site.rest)[name]?.name ?? name} is required.`;
    }
  }
  for (const [name, value] of Object.entries(given)) {
    const complaint = Object.hasOwn(screen, name) ? complaintAbout(name, value, issue, site) : notOnScreen(name);
    if (complaint !== undefined) errors[name] ??= complaint;
  }
  return Object.keys(errors).length > 0 ? { errors } : { change: changeOf(given, issue, site) };
}

/** What the issue has already. */
function present({ assignee, priority, fields }: Issue, name: string): unknown {
  return { assignee, priority }[name] ?? fields[name];
}

/** The value that the operations give the field; undefined where the stand-in or Jira has no such operation. */
function updated(name: string, operations: unknown, issue: Issue): unknown {
  if (!Array.isArray(operations) || !operations.every(isObject)) return undefined;
  let value: unknown = name === 'labels' ? (issue.fields.labels ?? []) : undefined;
  for (const operation of operations) {
    const [[verb, operand] = [], ...others] = Object.entries(operation);
    if (others.length > 0) return undefined;
    if (verb === 'set') value = operand;
    else if (name === 'labels' && verb === 'add') value = [...new Set([...(value as string[]), operand])];
    else if (name === 'labels' && verb === 'remove') value = (value as string[]).filter((label) => label !== operand);
    else return undefined;
  }
  return value;
}

function complaintAbout(name: string, value: unknown, { type, project }: Issue, site: Site): string | undefined {
  const people = Object.values(site.people);
  if (name === 'summary') return summaryComplaint(value);
  if (name === 'resolution') return resolutionIn(value) === undefined ? 'Specify a valid resolution.' : undefined;
  const custom = type.fields?.find(({ id }) => id === name);
  const isRequired = custom?.required || type.requires?.some((required) => required === name);
  if (isRequired && isEmpty(value)) return `${custom?.name ?? name} is required.`;
  if (custom !== undefined) return isEmpty(value) ? undefined : fieldComplaint(custom, value, people);
  return listComplaint(name, value, project) ?? systemComplaint(name, value, type, people);
}

function changeOf(given: Record<string, unknown>, { type }: Issue, site: Site): IssueChange {
  const { summary, description, assignee, priority, labels, duedate, resolution, ...others } = given;
  const people = Object.values(site.people);
  const custom = Object.entries(others).map(([name, value]) => {
    const field = type.fields?.find(({ id }) => id === name);
    return [name, field && !isEmpty(value) ? shownValue(field, value, people, site.rest) : (value ?? null)];
  });
  return {
    ...(summary !== undefined && { summary: (summary as string).trim() }),
    ...(description !== undefined && { description: description as object | null }),
    ...(assignee !== undefined && { assignee: handleIn(assignee, site) ?? null }),
    ...(isObject(priority) && { priority: priorityIn(priority) ?? null }),
    ...(labels !== undefined && { labels: labels as string[] }),
    ...(duedate !== undefined && { duedate: duedate as string | null }),
    ...(resolution !== undefined && { resolution: resolutionIn(resolution) ?? null }),
    fields: Object.fromEntries(custom),
  };
}

function resolutionIn(value: unknown): Resolution | undefined {
  if (!isObject(value)) return undefined;
  return resolutions.find((name, index) => value.name === name || value.id === String(10_000 + index));
}
