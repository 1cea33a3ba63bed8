import { type Answer, errorCollection, json } from './answer.ts';
import { invalidPayload, objectIn } from './body.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { jiraChangelog } from './history.ts';
import { jiraIssue, selectFields } from './issue.ts';
import { type Issue, isHidden, visibleIssue } from './issues.ts';
import { JqlError, type Named, parseJql, type Query } from './jql.ts';
import type { Indexed } from './search-index.ts';

/** REST API v3, "Search for issues using JQL enhanced search (POST)": 50 a page, at most 5,000. */
const pageByDefault = 50;
const largestPage = 5_000;
const suggestions = 20;

const request = {
  jql: (value: unknown) => typeof value === 'string',
  maxResults: (value: unknown) => Number.isInteger(value),
  nextPageToken: (value: unknown) => typeof value === 'string',
  fields: (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
  fieldsByKeys: (value: unknown) => typeof value === 'boolean',
  expand: (value: unknown) => typeof value === 'string',
  properties: (value: unknown) => Array.isArray(value),
  reconcileIssues: (value: unknown) => Array.isArray(value),
};

/** POST search/jql */
export function searchJql(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  for (const [name, value] of Object.entries(body.object)) {
    if (!Object.hasOwn(request, name) || !request[name as keyof typeof request](value)) return invalidPayload().refusal;
  }
  const unplayed = ['properties', 'reconcileIssues'].find((name) => name in body.object);
  if (unplayed !== undefined) return notPlayed(unplayed);
  const {
    jql = '',
    fields = [],
    maxResults = pageByDefault,
    nextPageToken,
    expand = '',
  } = body.object as {
    jql?: string;
    fields?: string[];
    maxResults?: number;
    nextPageToken?: string;
    expand?: string;
  };
  const expanded = expand.split(',').filter((name) => name !== '');
  if (expanded.some((name) => name !== 'changelog')) return notPlayed('expand');
  const found = search(jql, site);
  if (found instanceof JqlError) return refused(found);
  const start = nextPageToken === undefined ? 0 : startOf(nextPageToken, jql);
  if (start === undefined) return errorCollection(400, 'The next page token is invalid.');
  const end = start + Math.min(Math.max(1, maxResults), largestPage, site.mostAPage);
  const isLast = end >= found.length;
  const select = selectFields(fields, '*navigable');
  const { rest, mostComments, mostHistories } = site;
  const issues = found.slice(start, end).map((issue) => ({
    // "The default is id": without fields, an issue has nothing else, its key included.
    ...(fields.length === 0 ? { id: issue.id } : jiraIssue(issue, rest, select, mostComments)),
    ...(expanded.length > 0 && { changelog: jiraChangelog(issue, rest, mostHistories) }),
  }));
  return json(200, { issues, isLast, ...(!isLast && { nextPageToken: tokenOf(end, jql) }) });
}

/** POST search/approximate-count */
export function countIssues(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { jql, ...others } = body.object;
  if (typeof jql !== 'string' || Object.keys(others).length > 0) return invalidPayload().refusal;
  const found = search(jql, site);
  return found instanceof JqlError ? refused(found) : json(200, { count: found.length });
}

/**
 * GET issue/picker: the issues that the account has looked at, which are none, and without `currentJQL` no others. REST API v3,
 * "Get issue picker suggestions".
 */
export function pickIssues(call: Call, site: Site): Answer {
  const words = (call.query.get('query') ?? '').toLowerCase();
  const unplayed = ['currentIssueKey', 'currentProjectId', 'showSubTaskParent'].find((name) => call.query.has(name));
  if (unplayed !== undefined) return notPlayed(unplayed);
  const jql = call.query.get('currentJQL');
  const found = search(jql ?? 'created <= -0m', site);
  const all = found instanceof JqlError || words === '' ? [] : found;
  const issues = all
    .filter(({ key, summary, type }) => {
      const wanted = key.toLowerCase().startsWith(words) || summary.toLowerCase().includes(words);
      return wanted && (type.hierarchyLevel !== -1 || call.query.get('showSubTasks') === 'true');
    })
    .slice(0, suggestions)
    .map((issue) => ({
      id: Number(issue.id),
      key: issue.key,
      keyHtml: issue.key,
      img: '/images/icons/issuetypes/task.svg',
      summary: html(issue.summary),
      summaryText: issue.summary,
    }));
  const history = { id: 'hs', label: 'History Search', issues: [] };
  return json(200, { sections: [history, ...(jql === null ? [] : [{ id: 'cs', label: 'Current Search', issues }])] });
}

/** The issues that the index holds and that can be seen, or why Jira does not search. */
function search(jql: string, site: Site): Issue[] | JqlError {
  const { issues, index, seesIssues, now } = site;
  let query: Query;
  try {
    query = parseJql(jql, namedIn(site), new Date(now()));
  } catch (error) {
    if (error instanceof JqlError) return error;
    throw error;
  }
  return index
    .all()
    .filter(query.matches)
    .toSorted((a, b) => compare(a, b, query))
    .flatMap(({ id }) => issues.find(id) ?? [])
    .filter((issue) => seesIssues && !isHidden(issue));
}

function namedIn(site: Site): Named {
  const { seesIssues, projects, sprints, filters } = site;
  if (!seesIssues) return { projects: [], sprints: [], filters: [], issue: () => undefined };
  return { projects, sprints, filters, issue: (key) => visibleIssue(key, site)?.id };
}

function refused({ messages }: JqlError): Answer {
  return json(400, { errorMessages: messages, errors: {} });
}

/** In the order asked for, or by how much of the text they have; then the newest first. */
function compare(a: Indexed, b: Indexed, { order, rank }: Query): number {
  const newest = Number(b.id) - Number(a.id);
  if (order === undefined) return rank(b) - rank(a) || newest;
  const by = Number(a[order.field]) - Number(b[order.field]);
  return (order.descending ? -by : by) || newest;
}

/** A token goes on with its own query only. */
function tokenOf(start: number, jql: string): string {
  return Buffer.from(JSON.stringify([start, jql])).toString('base64url');
}

function startOf(token: string, jql: string): number | undefined {
  try {
    const [start, whose] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [number, string];
    return whose === jql ? start : undefined;
  } catch {
    return undefined;
  }
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
