import { type Answer, errorCollection, json } from './answer.ts';
import { invalidPayload, objectIn } from './body.ts';
import type { Call, Site } from './endpoint.ts';
import { type History, jiraHistory } from './history.ts';
import { type Issue, isHidden } from './issues.ts';

/** REST API v3, BulkChangelogRequestBean. */
const mostIssues = 1_000;
const mostFields = 10;
const pageByDefault = 1_000;
const largestPage = 10_000;

/** How `created` is written. The schema has a date-time, and the example beside it a number of seconds. */
export type ChangelogTimes = 'iso' | 'seconds' | 'milliseconds';

type Request = { issueIdsOrKeys: string[]; fieldIds?: string[]; maxResults?: number; nextPageToken?: string };
type Entry = { issue: Issue; history: History };

/**
 * POST changelog/bulkfetch: the oldest first. With `fieldIds`, a history has only the items of these fields, and none that has no
 * such item comes; the document does not say so.
 */
export function fetchChangelogs(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  if (!isRequest(body.object)) return invalidPayload().refusal;
  const { issueIdsOrKeys, fieldIds = [], maxResults = pageByDefault, nextPageToken } = body.object;
  if (issueIdsOrKeys.length === 0) return errorCollection(400, 'At least one issue id or key is needed.');
  if (issueIdsOrKeys.length > mostIssues) {
    return errorCollection(400, `At most ${mostIssues} issue ids or keys may be requested.`);
  }
  if (fieldIds.length > mostFields) return errorCollection(400, `At most ${mostFields} field ids may be given.`);
  if (maxResults < 1 || maxResults > largestPage) {
    return errorCollection(400, `maxResults is a number from 1 to ${largestPage}.`);
  }
  const all = entriesOf(issueIdsOrKeys, fieldIds, site);
  const start = nextPageToken === undefined ? 0 : startOf(nextPageToken);
  if (start === undefined || start > all.length) return errorCollection(400, 'The next page token is invalid.');
  const end = start + Math.min(maxResults, site.mostAPage);
  const byIssue = Map.groupBy(all.slice(start, end), ({ issue }) => issue.id);
  return json(200, {
    issueChangeLogs: [...byIssue].map(([issueId, entries]) => ({
      issueId,
      changeHistories: entries.map(({ history }) => ({
        ...jiraHistory(history, site.rest),
        ...timeOf(history.created, site.changelogTimes),
      })),
    })),
    ...(end < all.length && { nextPageToken: Buffer.from(String(end)).toString('base64url') }),
  });
}

function isRequest(body: Record<string, unknown>): body is Request {
  const { issueIdsOrKeys, fieldIds = [], maxResults = 1, nextPageToken = '', ...others } = body;
  const areTexts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return (
    Object.keys(others).length === 0 &&
    areTexts(issueIdsOrKeys) &&
    areTexts(fieldIds) &&
    new Set(fieldIds).size === fieldIds.length &&
    Number.isInteger(maxResults) &&
    typeof nextPageToken === 'string'
  );
}

/** By time, then by the issue's id. What the login does not see is passed over. */
function entriesOf(idsOrKeys: string[], fieldIds: string[], { issues, seesIssues }: Site): Entry[] {
  const found = new Set<Issue>();
  for (const idOrKey of idsOrKeys) {
    const issue = issues.find(idOrKey);
    if (issue && seesIssues && !isHidden(issue)) found.add(issue);
  }
  const isWanted = (fieldId = '') => fieldIds.length === 0 || fieldIds.includes(fieldId);
  return [...found]
    .flatMap((issue) =>
      issue.histories.map((history) => {
        const items = history.items.filter(({ fieldId }) => isWanted(fieldId));
        return { issue, history: { ...history, items } };
      }),
    )
    .filter(({ history }) => history.items.length > 0)
    .sort((a, b) => +a.history.created - +b.history.created || Number(a.issue.id) - Number(b.issue.id));
}

function timeOf(created: Date, times: ChangelogTimes): { created?: number } {
  if (times === 'iso') return {};
  return { created: times === 'seconds' ? Math.floor(+created / 1_000) : +created };
}

function startOf(token: string): number | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
