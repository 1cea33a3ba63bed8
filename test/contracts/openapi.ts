import { type Document, OpenAPIBackend } from 'openapi-backend';

type Json = { [name: string]: unknown };
type Operation = {
  parameters?: Json[];
  requestBody?: { content: Record<string, Json> };
  responses: Record<string, Json>;
};
type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
};

/** The operations that the stand-in plays. */
const operations: [method: string, path: string][] = [
  ['get', '/rest/api/3/serverInfo'],
  ['get', '/rest/api/3/myself'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}'],
  ['post', '/rest/api/3/issue/bulkfetch'],
  ['post', '/rest/api/3/issue'],
  ['post', '/rest/api/3/issue/bulk'],
  ['get', '/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes'],
  ['get', '/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}'],
  ['get', '/rest/api/3/issue/picker'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}/remotelink'],
  ['post', '/rest/api/3/issue/{issueIdOrKey}/remotelink'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}/transitions'],
  ['post', '/rest/api/3/issue/{issueIdOrKey}/transitions'],
  ['put', '/rest/api/3/issue/{issueIdOrKey}'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}/editmeta'],
  ['put', '/rest/api/3/issue/{issueIdOrKey}/assignee'],
  ['post', '/rest/api/3/issue/{issueIdOrKey}/comment'],
  ['post', '/rest/api/3/comment/list'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}/watchers'],
  ['post', '/rest/api/3/issue/{issueIdOrKey}/watchers'],
  ['delete', '/rest/api/3/issue/{issueIdOrKey}/watchers'],
  ['get', '/rest/api/3/filter/search'],
  ['get', '/rest/api/3/bulk/issues/transition'],
  ['post', '/rest/api/3/bulk/issues/transition'],
  ['post', '/rest/api/3/bulk/issues/fields'],
  ['get', '/rest/api/3/bulk/queue/{taskId}'],
  ['get', '/rest/api/3/project/search'],
  ['post', '/rest/api/3/search/jql'],
  ['post', '/rest/api/3/search/approximate-count'],
  ['post', '/rest/api/3/changelog/bulkfetch'],
  ['get', '/rest/api/3/issue/{issueIdOrKey}/comment'],
  ['get', '/rest/api/3/status'],
  ['get', '/rest/api/3/mypermissions'],
  ['get', '/rest/api/3/user/assignable/search'],
  ['get', '/rest/api/3/user/search'],
];

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const orNull = (schema: Json) => ({ oneOf: [schema, { type: 'null' }] });

/**
 * What Atlassian's document leaves open and we do not. It requires no property, so that `{}` fits everything; and an
 * issue's fields may be anything, though it describes those we read elsewhere.
 */
const stricter: Record<string, Json> = {
  ServerInformation: { required: ['baseUrl', 'deploymentType', 'serverTitle', 'version'] },
  User: { required: ['accountId', 'accountType', 'active', 'displayName', 'self'] },
  BulkIssueResults: { required: ['issues', 'issueErrors'] },
  ErrorCollection: { required: ['errorMessages'] },
  StatusDetails: { required: ['id', 'name', 'self', 'statusCategory'] },
  StatusCategory: { required: ['id', 'key', 'name', 'colorName', 'self'] },
  IssueTypeDetails: { required: ['id', 'name', 'subtask', 'hierarchyLevel', 'self'] },
  UserDetails: { required: ['accountId', 'displayName'] },
  Priority: { required: ['id', 'name'] },
  ProjectDetails: { required: ['id', 'key', 'name', 'self'] },
  IssueBean: { required: ['id', 'key', 'self', 'fields'] },
  // What Maro sends has no other members than those that the document describes.
  IssueUpdateDetails: { additionalProperties: false },
  Transitions: { required: ['transitions'] },
  PageBeanFilterDetails: { required: ['values', 'isLast', 'total'] },
  SubmittedBulkOperation: { required: ['taskId'] },
  BulkOperationProgress: { required: ['taskId', 'status'] },
  BulkOperationErrorResponse: { required: ['errors'] },
  PageBeanComment: { required: ['values', 'isLast', 'total'] },
  Watchers: { required: ['isWatching', 'watchCount', 'watchers'] },
  IssuesUpdateBean: { required: ['issueUpdates'], additionalProperties: false },
  EntityProperty: { required: ['key', 'value'] },
  RemoteIssueLinkRequest: { additionalProperties: false },
  RemoteObject: { additionalProperties: false },
  SearchAndReconcileRequestBean: { required: ['jql'] },
  CreatedIssue: { required: ['id', 'key', 'self'] },
  CreatedIssues: { required: ['issues', 'errors'] },
  BulkOperationErrorResult: { required: ['status', 'elementErrors', 'failedElementNumber'] },
  PageOfCreateMetaIssueTypes: {
    required: ['startAt', 'maxResults', 'total', 'issueTypes'],
    additionalProperties: false,
  },
  IssueTypeIssueCreateMetadata: { required: ['id', 'name', 'subtask', 'hierarchyLevel', 'self'] },
  PageOfCreateMetaIssueTypeWithField: {
    required: ['startAt', 'maxResults', 'total', 'fields'],
    additionalProperties: false,
  },
  FieldCreateMetadata: { required: ['fieldId', 'key', 'name', 'operations', 'required', 'schema', 'hasDefaultValue'] },
  PageBeanProject: { required: ['startAt', 'maxResults', 'total', 'isLast', 'values'] },
  Project: { required: ['id', 'key', 'name', 'self'] },
  SearchAndReconcileResults: { required: ['issues', 'isLast'] },
  IssuePickerSuggestionsIssueType: { required: ['id', 'label', 'issues'] },
  SuggestedIssue: { required: ['id', 'key', 'summaryText'] },
  RemoteIssueLinkIdentifies: { required: ['id', 'self'] },
  RemoteIssueLink: { required: ['id', 'self', 'object'] },
  JQLCountRequestBean: { required: ['jql'] },
  JQLCountResultsBean: { required: ['count'] },
  BulkChangelogResponseBean: { required: ['issueChangeLogs'] },
  IssueChangeLog: { required: ['issueId', 'changeHistories'] },
  PageOfChangelogs: { required: ['startAt', 'maxResults', 'total', 'histories'] },
  Changelog: { required: ['id', 'created', 'items'] },
  // The document has strings alone; Jira sends null where a field has no id, or had no value.
  ChangeDetails: {
    required: ['field', 'fieldtype', 'from', 'fromString', 'to', 'toString'],
    properties: {
      field: { type: 'string' },
      fieldtype: { type: 'string' },
      fieldId: { type: 'string' },
      from: orNull({ type: 'string' }),
      fromString: orNull({ type: 'string' }),
      to: orNull({ type: 'string' }),
      toString: orNull({ type: 'string' }),
    },
  },
  PageOfComments: { required: ['startAt', 'maxResults', 'total', 'comments'] },
  Comment: { required: ['id', 'self', 'body', 'created', 'updated'] },
  Permissions: { required: ['permissions'] },
  UserPermission: { required: ['id', 'key', 'name', 'type', 'havePermission'] },
};
/** What requests need of schemas that answers have, too. Nobody is null for Jira, which the document says in words alone. */
const requested: Record<string, Json> = {
  Comment: { required: ['body'] },
  User: { required: ['accountId'], properties: { accountId: orNull({ type: 'string' }) } },
};
const issueFields: Json = {
  type: 'object',
  properties: {
    summary: { type: 'string' },
    status: reference('StatusDetails'),
    issuetype: reference('IssueTypeDetails'),
    assignee: orNull(reference('UserDetails')),
    priority: orNull(reference('Priority')),
    project: reference('ProjectDetails'),
    created: { type: 'string', format: 'date-time' },
    updated: { type: 'string', format: 'date-time' },
    comment: reference('PageOfComments'),
  },
};

/** Formats as Jira writes them: its times have no colon in the offset, which RFC 3339 wants. */
const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: (value: string) => URL.canParse(value),
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

/**
 * A referee from the text of Atlassian's OpenAPI document for Jira Cloud. The document is cut down to the operations
 * played, since all 420 paths take seconds to compile, and put right where it cannot be used as it is:
 * - lists in the query are comma separated, as the descriptions say and the schemas do not, but for the "ampersand-separated";
 * - 400 and 404 have no body in it: they get its own ErrorCollection, also those of a bulk create, which have another.
 */
export async function openapiReferee(text: string): Promise<OpenAPIBackend> {
  const whole = JSON.parse(text, (name, value) => (name === 'example' ? undefined : value)) as OpenApi;
  const paths: OpenApi['paths'] = {};
  for (const [method, path] of operations) {
    const operation = whole.paths?.[path]?.[method];
    if (!operation) throw new Error(`The document has no ${method.toUpperCase()} ${path}: is it Jira Cloud's?`);
    for (const parameter of operation.parameters ?? []) {
      const repeated = String(parameter.description).includes('ampersand-separated');
      if (parameter.in === 'query' && (parameter.schema as Json).type === 'array') parameter.explode = repeated;
    }
    for (const status of ['400', '404']) {
      const response = operation.responses[status];
      if (response === undefined || path.includes('/bulk/')) continue;
      const schema = reference('ErrorCollection');
      const ofMany = { anyOf: [schema, reference('CreatedIssues')] };
      response.content = { 'application/json': { schema: path.endsWith('/issue/bulk') ? ofMany : schema } };
    }
    for (const content of Object.values(operation.requestBody?.content ?? {})) {
      const [, name = ''] = /schemas\/(.*)"/.exec(JSON.stringify(content.schema)) ?? [];
      if (requested[name]) content.schema = { ...whole.components.schemas[name], ...requested[name] };
    }
    paths[path] = { ...paths[path], [method]: operation };
  }

  const all = whole.components.schemas;
  for (const [name, more] of Object.entries(stricter)) Object.assign(all[name] ?? {}, more);
  Object.assign(all.IssueBean?.properties ?? {}, { fields: issueFields });
  const schemas: Record<string, Json> = {};
  collect(paths);
  function collect(part: unknown): void {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (schemas[name] || !all[name]) continue;
      schemas[name] = all[name];
      collect(all[name]);
    }
  }

  const definition = { openapi: '3.0.1', info: { title: 'Jira', version: '3' }, paths, components: { schemas } };
  const referee = new OpenAPIBackend({
    definition: definition as unknown as Document,
    quick: true,
    coerceTypes: false,
    ajvOpts: { strict: false, formats },
  });
  return await referee.init();
}
