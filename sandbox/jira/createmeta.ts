import { type Answer, errorCollection, json } from './answer.ts';
import { numberIn } from './body.ts';
import type { Call, Site } from './endpoint.ts';
import { jiraField } from './field.ts';
import { jiraPriority, jiraProject, jiraType } from './issue.ts';
import { type IssueType, type Project, priorities, type SystemField } from './seed.ts';

/** REST API v3, "Get create metadata issue types": 50 a page, at most 200. */
const pageByDefault = 50;
const largestPage = 200;

/** GET issue/createmeta/{projectIdOrKey}/issuetypes */
export function createmetaTypes(call: Call, site: Site): Answer {
  const project = projectOf(call, site);
  if (project === undefined) return noProject(call);
  return page(
    call,
    site,
    'issueTypes',
    project.types.map((type) => jiraType(type, site.rest)),
  );
}

/** GET issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId} */
export function createmetaFields(call: Call, site: Site): Answer {
  const project = projectOf(call, site);
  if (project === undefined) return noProject(call);
  const type = project.types.find(({ id }) => id === call.typeId);
  if (type === undefined) return errorCollection(400, `The issue type ${call.typeId} is not in the project.`);
  const custom = (type.fields ?? []).map((field) => jiraField(field, site.rest));
  return page(call, site, 'fields', [...systemFields(project, type, site.rest), ...custom, ...(type.oddFields ?? [])]);
}

/** The document has no 404 here, so a project that is not to be seen is a bad request. */
function noProject(call: Call): Answer {
  return errorCollection(400, `No project could be found with key '${call.idOrKey}'.`);
}

function projectOf(call: Call, { projects, seesIssues }: Site): Project | undefined {
  const { idOrKey } = call;
  return projects.find(({ id, key, forbidden }) => seesIssues && !forbidden && (id === idOrKey || key === idOrKey));
}

function page(call: Call, { mostAPage }: Site, list: string, items: unknown[]): Answer {
  const startAt = numberIn(call.query, 'startAt', 0);
  const maxResults = Math.min(numberIn(call.query, 'maxResults', pageByDefault, 1), largestPage, mostAPage);
  return json(200, { startAt, maxResults, total: items.length, [list]: items.slice(startAt, startAt + maxResults) });
}

/** The fields that every type of the project can have, as createmeta has them (FieldCreateMetadata). */
export function systemFields(project: Project, type: IssueType, rest: string) {
  const field = (key: string, name: string, schema: object, more: object = {}) => ({
    required: false,
    schema: { ...schema, system: key },
    name,
    key,
    hasDefaultValue: false,
    operations: ['set'],
    ...more,
    fieldId: key,
  });
  const needed = { required: true };
  const listed = (key: SystemField, name: string, items: string, values: Project['components'] = []) => {
    const allowedValues = values.map((value) => ({ self: `${rest}/${items}/${value.id}`, ...value }));
    const more = { ...requiredOf(type, key), operations: ['add', 'set', 'remove'], allowedValues };
    return values.length === 0 ? [] : [field(key, name, { type: 'array', items }, more)];
  };
  return [
    field('summary', 'Summary', { type: 'string' }, needed),
    field('issuetype', 'Issue Type', { type: 'issuetype' }, { ...needed, allowedValues: [jiraType(type, rest)] }),
    ...(type.hierarchyLevel === 1
      ? []
      : [field('parent', 'Parent', { type: 'issuelink' }, requiredOf(type, 'parent'))]),
    ...(type.withoutDescription ? [] : [field('description', 'Description', { type: 'string' })]),
    field('project', 'Project', { type: 'project' }, { ...needed, allowedValues: [jiraProject(project, rest)] }),
    // Jira wants a reporter and takes whoever creates when none is sent.
    ...(type.withoutReporter ? [] : [field('reporter', 'Reporter', { type: 'user' }, needed)]),
    field(
      'priority',
      'Priority',
      { type: 'priority' },
      {
        ...(type.requires?.includes('priority') ? needed : { hasDefaultValue: true }),
        allowedValues: priorities.map((name) => jiraPriority(name, rest)),
      },
    ),
    field(
      'labels',
      'Labels',
      { type: 'array', items: 'string' },
      { ...requiredOf(type, 'labels'), operations: ['add', 'set', 'remove'] },
    ),
    field('assignee', 'Assignee', { type: 'user' }, requiredOf(type, 'assignee')),
    ...listed('components', 'Components', 'component', project.components),
    ...listed('fixVersions', 'Fix versions', 'version', project.versions),
    field('duedate', 'Due date', { type: 'date' }),
  ];
}

function requiredOf(
  { hierarchyLevel, requires = [] }: IssueType,
  field: SystemField | 'parent',
): { required: boolean } {
  return { required: field === 'parent' ? hierarchyLevel === -1 : requires.includes(field) };
}
