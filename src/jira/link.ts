import { type IssueKey, projectOf } from '../key.ts';
import { createOrUpdateRemoteIssueLink } from './api.ts';
import type { Connection } from './connection.ts';
import { NOT_FOUND, type Unread } from './reading.ts';
import { type Refused, refused, refusedFor } from './refusal.ts';

/**
 * A link from an issue to a page outside Jira. An issue has at most one link
 * per `globalId`, which has at most 255 characters.
 */
export type RemoteLink = { globalId: string; url: string; title: string };

export type Linked = { state: 'linked' } | Refused | Unread;

// The sizes of the columns in Jira's database. The reference mentions only the first.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/#api-rest-api-3-issue-issueidorkey-remotelink-post
const LONGEST_GLOBAL_ID = 255;
const LONGEST_TITLE = 255;

/** See `link` in `client.ts`. @throws {JiraTrouble} */
export async function link(jira: Connection, key: IssueKey, { globalId, url, title }: RemoteLink): Promise<Linked> {
  if (!jira.allows(projectOf(key))) return { state: 'not allowed' };
  if (globalId === '' || globalId.length > LONGEST_GLOBAL_ID) {
    return refusedFor({ fields: { globalId: 'That isn’t a link’s ID.' }, messages: [] });
  }
  const object = { url, title: title.slice(0, LONGEST_TITLE).toWellFormed() };
  const { status, json } = await jira.ask((client) =>
    createOrUpdateRemoteIssueLink(client, { issueIdOrKey: key, globalId, object }),
  );
  if (status === 404) return NOT_FOUND;
  return status >= 400 ? refused(json) : { state: 'linked' };
}
