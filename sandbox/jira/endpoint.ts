import { addComment, commentsByIds } from './add-comment.ts';
import { type Answer, errorCollection, issueNotFound, json, noEndpoint, unsupportedMediaType } from './answer.ts';
import { type BulkTask, bulkEdit, bulkProgress, bulkTransition, bulkTransitions } from './bulk.ts';
import { type ChangelogTimes, fetchChangelogs } from './changelog.ts';
import { listComments } from './comment.ts';
import { createIssue, createIssues } from './create.ts';
import { createmetaFields, createmetaTypes } from './createmeta.ts';
import { assignableUsers, searchProjects, searchUsers } from './directory.ts';
import { assignIssue, editIssue, editmeta } from './edit.ts';
import { searchFilters } from './filters.ts';
import { jiraIssue, jiraStatus, selectFields } from './issue.ts';
import { type Issue, type Issues, isHidden } from './issues.ts';
import type { Door } from './login.ts';
import { myPermissions, type Permission } from './permissions.ts';
import { linkRemotely, remoteLinks } from './remote-links.ts';
import { countIssues, pickIssues, searchJql } from './search.ts';
import type { SearchIndex } from './search-index.ts';
import { maro, type Person, type Project, type SavedFilter, type Sprint } from './seed.ts';
import { jiraTime } from './time.ts';
import { listTransitions, transitionIssue } from './transitions.ts';
import { jiraUser } from './user.ts';
import { addWatcher, listWatchers, removeWatcher } from './watchers.ts';

type Handler = (call: Call, site: Site) => Answer;

/** The endpoints played, by method and path below `/rest/api/3`, and what Jira answers there. */
const played = {
  serverInfo: ['GET', /^serverInfo$/, (_, site) => json(200, serverInfo(site))],
  myself: ['GET', /^myself$/, (_, site) => json(200, myself(site))],
  bulkfetch: ['POST', /^issue\/bulkfetch$/, bulkfetch],
  create: ['POST', /^issue$/, createIssue],
  bulk: ['POST', /^issue\/bulk$/, createIssues],
  issueTypes: ['GET', /^issue\/createmeta\/([^/]+)\/issuetypes$/, createmetaTypes],
  fields: ['GET', /^issue\/createmeta\/([^/]+)\/issuetypes\/([^/]+)$/, createmetaFields],
  picker: ['GET', /^issue\/picker$/, pickIssues],
  remoteLinks: ['GET', /^issue\/([^/]+)\/remotelink$/, remoteLinks],
  remoteLink: ['POST', /^issue\/([^/]+)\/remotelink$/, linkRemotely],
  transitions: ['GET', /^issue\/([^/]+)\/transitions$/, listTransitions],
  transition: ['POST', /^issue\/([^/]+)\/transitions$/, transitionIssue],
  edit: ['PUT', /^issue\/([^/]+)$/, editIssue],
  editmeta: ['GET', /^issue\/([^/]+)\/editmeta$/, editmeta],
  assign: ['PUT', /^issue\/([^/]+)\/assignee$/, assignIssue],
  comment: ['POST', /^issue\/([^/]+)\/comment$/, addComment],
  commentsByIds: ['POST', /^comment\/list$/, commentsByIds],
  watchers: ['GET', /^issue\/([^/]+)\/watchers$/, listWatchers],
  watch: ['POST', /^issue\/([^/]+)\/watchers$/, addWatcher],
  unwatch: ['DELETE', /^issue\/([^/]+)\/watchers$/, removeWatcher],
  filters: ['GET', /^filter\/search$/, searchFilters],
  bulkTransitions: ['GET', /^bulk\/issues\/transition$/, bulkTransitions],
  bulkTransition: ['POST', /^bulk\/issues\/transition$/, bulkTransition],
  bulkEdit: ['POST', /^bulk\/issues\/fields$/, bulkEdit],
  bulkProgress: ['GET', /^bulk\/queue\/([^/]+)$/, bulkProgress],
  projects: ['GET', /^project\/search$/, searchProjects],
  search: ['POST', /^search\/jql$/, searchJql],
  count: ['POST', /^search\/approximate-count$/, countIssues],
  changelogs: ['POST', /^changelog\/bulkfetch$/, fetchChangelogs],
  comments: ['GET', /^issue\/([^/]+)\/comment$/, listComments],
  statuses: ['GET', /^status$/, listStatuses],
  permissions: ['GET', /^mypermissions$/, myPermissions],
  assignable: ['GET', /^user\/assignable\/search$/, assignableUsers],
  users: ['GET', /^user\/search$/, searchUsers],
  issue: ['GET', /^issue\/([^/]+)$/, getIssue],
} satisfies Record<string, [method: string, path: RegExp, handler: Handler]>;

/** `other` is every other path and gets Jira's 404. */
export type Endpoint = keyof typeof played | 'other';

export type Call = {
  endpoint: Endpoint;
  door: Door;
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string | undefined;
  body: string;
  /** The issue, or the project of createmeta; empty where there is none in the path. */
  idOrKey: string;
  /** The issue type of createmeta. */
  typeId: string;
};

/** What an endpoint may know. `seesIssues` is false without a login. What is settable is told of at `Jira`. */
export type Site = {
  site: string;
  customDomain: string | undefined;
  rest: string;
  email: string;
  issues: Issues;
  index: SearchIndex;
  projects: readonly Project[];
  people: Record<string, Person>;
  sprints: readonly Sprint[];
  filters: readonly SavedFilter[];
  seesIssues: boolean;
  now(): number;
  bulkTasks: BulkTask[];
  bulkMs: number;
  mostAPage: number;
  mostHistories: number;
  mostComments: number;
  changelogTimes: ChangelogTimes;
  permissions: ReadonlySet<Permission>;
};

/** Finds the endpoint of a request. The gateway's prefix is `/ex/jira/<cloudId>`. */
export function route(
  method: string,
  path: string,
  cloudId: string,
): Pick<Call, 'endpoint' | 'door' | 'idOrKey' | 'typeId'> {
  const prefix = `/ex/jira/${cloudId}`;
  const door = path.startsWith(`${prefix}/`) ? 'gateway' : 'site';
  const [, rest = ''] = /^\/rest\/api\/3\/(.*)$/.exec(door === 'gateway' ? path.slice(prefix.length) : path) ?? [];
  for (const [endpoint, [itsMethod, itsPath]] of Object.entries(played)) {
    const found = method === itsMethod ? itsPath.exec(rest) : null;
    if (found === null) continue;
    const [, idOrKey = '', typeId = ''] = found;
    return { endpoint: endpoint as Endpoint, door, idOrKey: decode(idOrKey), typeId: decode(typeId) };
  }
  return { endpoint: 'other', door, idOrKey: '', typeId: '' };
}

/** What Jira answers to `call`. Nothing that Maro sends may need `expand`: it is not played. */
export function answer(call: Call, site: Site): Answer {
  if (call.endpoint === 'other') return noEndpoint(call.method, call.path);
  const [, , handler] = played[call.endpoint];
  return handler(call, site);
}

/** `baseUrl` is where the API is, and the display URLs are what people see. The custom domain is Jira's alone here. */
function serverInfo({ site, customDomain, now }: Site) {
  return {
    baseUrl: site,
    displayUrl: customDomain ?? site,
    displayUrlServicedeskHelpCenter: site,
    displayUrlConfluence: site,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_290,
    buildDate: '2026-11-18T10:42:51.000+0000',
    serverTime: jiraTime(new Date(now())),
    scmInfo: '9e3d5f0c2b1a4876a5f0d2c9b7e6431f8a0c5d2e',
    serverTitle: 'Jira',
    serverTimeZone: 'Europe/Berlin',
  };
}

function myself({ rest, email }: Site) {
  return { ...jiraUser(maro, rest), emailAddress: email, locale: 'en_GB', groups: { size: 1, items: [] } };
}

/** GET status: each status once, of the projects that the login sees. */
function listStatuses(_: Call, { rest, projects, seesIssues }: Site): Answer {
  const visible = seesIssues ? projects.filter(({ forbidden }) => !forbidden) : [];
  return json(
    200,
    visible.flatMap(({ statuses }) => statuses.map((status) => jiraStatus(status, rest))),
  );
}

function getIssue(call: Call, { rest, issues, seesIssues }: Site): Answer {
  const unplayed = ['expand', 'properties'].find((name) => call.query.get(name));
  if (unplayed) return notPlayed(unplayed);
  const issue = issues.find(call.idOrKey);
  if (!seesIssues || !issue || isHidden(issue)) return issueNotFound();
  return json(200, jiraIssue(issue, rest, selectFields(call.query.getAll('fields'), '*all')));
}

/** REST API v3, "Bulk fetch issues": "You can request up to 100 issues", and 5 properties. */
const bulkfetchLimit = 100;
const propertiesLimit = 5;

function bulkfetch(call: Call, { rest, issues, seesIssues }: Site): Answer {
  if (call.contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return unsupportedMediaType(call.path, call.contentType);
  }
  const request = bulkfetchRequest(call.body);
  if (typeof request === 'string') return json(400, { errorMessages: [request] });
  const { issueIdsOrKeys, fields = [], expand = [], properties = [] } = request;
  if (issueIdsOrKeys.length === 0) return errorCollection(400, 'At least one issue id or key is needed.');
  if (issueIdsOrKeys.length > bulkfetchLimit) {
    return errorCollection(400, `At most ${bulkfetchLimit} issue ids or keys may be requested.`);
  }
  if (expand.length > 0) return notPlayed('expand');
  if (properties.length > propertiesLimit) {
    return errorCollection(400, `At most ${propertiesLimit} properties may be requested.`);
  }

  const found = new Set<Issue>();
  for (const idOrKey of issueIdsOrKeys) {
    const issue = issues.find(idOrKey);
    if (issue && seesIssues && !isHidden(issue)) found.add(issue);
  }
  const select = selectFields(fields, '*navigable');
  const ascending = [...found].sort((a, b) => Number(a.id) - Number(b.id));
  const propertiesOf = (issue: Issue) =>
    Object.fromEntries(Object.entries(issue.properties).filter(([key]) => properties.includes(key)));
  const shown = ascending.map((issue) => ({
    ...jiraIssue(issue, rest, select),
    ...(properties.length > 0 && { properties: propertiesOf(issue) }),
  }));
  return json(200, { issues: shown, issueErrors: [] });
}

type BulkfetchRequest = {
  issueIdsOrKeys: string[];
  fields?: string[];
  expand?: string[];
  properties?: string[];
  fieldsByKeys?: boolean;
};

/** The body as BulkFetchIssueRequestBean, or the sentence with which Jira Cloud refuses it. */
function bulkfetchRequest(body: string): BulkfetchRequest | string {
  if (body === '') return 'No content to map to Object due to end of input';
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return 'There was an error parsing JSON. Check that your request body is valid.';
  }
  const lists = ['issueIdsOrKeys', 'fields', 'expand', 'properties'];
  const fits =
    typeof request === 'object' &&
    request !== null &&
    'issueIdsOrKeys' in request &&
    Object.entries(request).every(([name, value]) =>
      lists.includes(name)
        ? Array.isArray(value) && value.every((entry) => typeof entry === 'string')
        : name === 'fieldsByKeys' && typeof value === 'boolean',
    );
  return fits
    ? (request as BulkfetchRequest)
    : 'Invalid request payload. Refer to the REST API documentation and try again.';
}

/** No answer of Jira's: the stand-in says that it cannot play what Jira could. */
export function notPlayed(parameter: string): Answer {
  return errorCollection(501, `The Jira stand-in does not support "${parameter}".`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
