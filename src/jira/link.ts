import { type IssueKey, projectOf } from '../key.ts';
import { createOrUpdateRemoteIssueLink } from './api.ts';
import type { Connection } from './connection.ts';
import { type Refused, refused, refusedFor } from './refusal.ts';
import type { JiraTrouble } from './trouble.ts';

/** What an issue links to outside of Jira. The issue has one link for each `globalId`, of at most 255 characters. */
export type RemoteLink = { globalId: string; url: string; title: string };

export type Linked = 'linked' | 'not found' | 'not allowed' | Refused | JiraTrouble;

// The columns of Jira's database; the reference names the first only.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/#api-rest-api-3-issue-issueidorkey-remotelink-post
const LONGEST_GLOBAL_ID = 255;
const LONGEST_TITLE = 255;

/** See `link` of `Jira`. @throws {JiraTrouble} */
export async function link(jira: Connection, key: IssueKey, { globalId, url, title }: RemoteLink): Promise<Linked> {
  if (!jira.allows(projectOf(key))) return 'not allowed';
  if (globalId === '' || globalId.length > LONGEST_GLOBAL_ID) {
    return refusedFor({ fields: { globalId: 'That is no id of a link.' }, messages: [] });
  }
  const object = { url, title: title.slice(0, LONGEST_TITLE).toWellFormed() };
  const { status, json } = await jira.ask((client) =>
    createOrUpdateRemoteIssueLink(client, { issueIdOrKey: key, globalId, object }),
  );
  if (status === 404) return 'not found';
  return status >= 400 ? refused(json) : 'linked';
}
