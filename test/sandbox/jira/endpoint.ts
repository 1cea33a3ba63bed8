import { type Answer, errorCollection, issueNotFound, json, noEndpoint, unsupportedMediaType } from './answer.ts';
import { jiraIssue, jiraTime, jiraUser, selectFields } from './issue.ts';
import type { Issue, Issues } from './issues.ts';
import type { Door } from './login.ts';

/** The endpoints played. `other` is every other path and gets Jira's 404. */
export type Endpoint = 'serverInfo' | 'myself' | 'issue' | 'bulkfetch' | 'other';

export type Call = {
  endpoint: Endpoint;
  door: Door;
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string | undefined;
  body: string;
  /** Of `issue`. */
  idOrKey: string;
};

/** What an endpoint may know. `seesIssues` is false without a login. */
export type Site = { site: string; rest: string; email: string; issues: Issues; seesIssues: boolean };

/** Finds the endpoint of a request. The gateway's prefix is `/ex/jira/<cloudId>`. */
export function route(method: string, path: string, cloudId: string): Pick<Call, 'endpoint' | 'door' | 'idOrKey'> {
  const prefix = `/ex/jira/${cloudId}`;
  const door = path.startsWith(`${prefix}/`) ? 'gateway' : 'site';
  const [, name = '', idOrKey = ''] =
    /^\/rest\/api\/3\/([^/]+)(?:\/([^/]+))?$/.exec(door === 'gateway' ? path.slice(prefix.length) : path) ?? [];
  const called = `${method} ${name}`;
  if (called === 'GET issue' && idOrKey) return { endpoint: 'issue', door, idOrKey: decode(idOrKey) };
  if (called === 'POST issue' && idOrKey === 'bulkfetch') return { endpoint: 'bulkfetch', door, idOrKey: '' };
  if (called === 'GET serverInfo' && !idOrKey) return { endpoint: 'serverInfo', door, idOrKey: '' };
  if (called === 'GET myself' && !idOrKey) return { endpoint: 'myself', door, idOrKey: '' };
  return { endpoint: 'other', door, idOrKey: '' };
}

/** What Jira answers to `call`. Nothing that Maro sends may need `expand` or `properties`: they are not played. */
export function answer(call: Call, site: Site): Answer {
  if (call.endpoint === 'serverInfo') return json(200, serverInfo(site));
  if (call.endpoint === 'myself') return json(200, myself(site));
  if (call.endpoint === 'issue') return getIssue(call, site);
  if (call.endpoint === 'bulkfetch') return bulkfetch(call, site);
  return noEndpoint(call.method, call.path);
}

function serverInfo({ site }: Site) {
  return {
    baseUrl: site,
    displayUrl: site,
    displayUrlServicedeskHelpCenter: site,
    displayUrlConfluence: site,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_290,
    buildDate: '2026-11-18T10:42:51.000+0000',
    serverTime: jiraTime(new Date()),
    scmInfo: '9e3d5f0c2b1a4876a5f0d2c9b7e6431f8a0c5d2e',
    serverTitle: 'Jira',
    serverTimeZone: 'Europe/Berlin',
  };
}

function myself({ rest, email }: Site) {
  const maro = { accountId: '712020:0f6b9a35-7c1e-4a0d-b3a2-6f0d5c1e9b77', displayName: 'Maro' };
  return { ...jiraUser(maro, rest), emailAddress: email, locale: 'en_GB', groups: { size: 1, items: [] } };
}

function getIssue(call: Call, { rest, issues, seesIssues }: Site): Answer {
  const unplayed = ['expand', 'properties'].find((name) => call.query.get(name));
  if (unplayed) return notPlayed(unplayed);
  const issue = issues.find(call.idOrKey);
  if (!seesIssues || !issue || issue.forbidden) return issueNotFound();
  return json(200, jiraIssue(issue, rest, selectFields(call.query.getAll('fields'), '*all')));
}

/** REST API v3, "Bulk fetch issues": "You can request up to 100 issues." */
const bulkfetchLimit = 100;

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
  if (properties.length > 0) return notPlayed('properties');

  const found = new Set<Issue>();
  for (const idOrKey of issueIdsOrKeys) {
    const issue = issues.find(idOrKey);
    if (issue && seesIssues && !issue.forbidden) found.add(issue);
  }
  const select = selectFields(fields, '*navigable');
  const ascending = [...found].sort((a, b) => Number(a.id) - Number(b.id));
  return json(200, { issues: ascending.map((issue) => jiraIssue(issue, rest, select)), issueErrors: [] });
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
function notPlayed(parameter: string): Answer {
  return errorCollection(501, `The Jira stand-in does not play "${parameter}".`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
