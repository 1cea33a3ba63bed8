import { z } from 'zod';
import type { IssueKey } from '../key.ts';
import { assignIssue, editIssue, getEditIssueMeta, getIssue } from './api.ts';
import type { Connection } from './connection.ts';
import type { Field, Option } from './field.ts';
import { fieldIn } from './meta.ts';
import { aboutSummary } from './new-issue.ts';
import { type OfIssue, ofIssue } from './reading.ts';
import { refusedFor } from './refusal.ts';
import { type Written, writeOnly } from './written.ts';

const editmetaJson = z.object({ fields: z.record(z.string(), z.unknown()) });

/**
 * What to change in an issue. `fields` are values by the ids of the fields, in the form that Jira expects: see `wireValue`.
 * Labels that are added and removed leave the issue's other labels as they are.
 */
export type Edit = {
  fields: Readonly<Record<string, unknown>>;
  labels?: { add: readonly string[]; remove: readonly string[] };
};

/** See `assign` in `acts.ts`. */
export async function assign(jira: Connection, key: IssueKey, accountId: string | null): Promise<Written> {
  return await writeOnly(jira, key, (client) =>
    assignIssue(client, { issueIdOrKey: key, accountId: accountId as string }),
  );
}

/** See `edit` in `acts.ts`. */
export async function edit(jira: Connection, key: IssueKey, { fields, labels }: Edit): Promise<Written> {
  const { summary } = fields;
  const wrong = typeof summary === 'string' ? aboutSummary(summary) : undefined;
  if (wrong !== undefined) return refusedFor({ fields: { summary: wrong }, messages: [] });
  const { add = [], remove = [] } = labels ?? {};
  const changed = [...add.map((label) => ({ add: label })), ...remove.map((label) => ({ remove: label }))];
  const update = changed.length === 0 ? {} : { update: { labels: changed } };
  return await writeOnly(jira, key, (client) => editIssue(client, { issueIdOrKey: key, fields, ...update }));
}

/** See `editable` in `acts.ts`. Fields that Maro cannot read are left out. */
export async function editable(jira: Connection, key: IssueKey): Promise<OfIssue<readonly Field[]>> {
  return await ofIssue(jira, key, async () => {
    const { status, json } = await jira.ask((client) => getEditIssueMeta(client, { issueIdOrKey: key }));
    if (status === 404) return undefined;
    const parsed = status === 200 ? editmetaJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    return Object.entries(parsed.data.fields)
      .flatMap(([fieldId, item]) => fieldIn(fieldId, item)?.field ?? [])
      .filter(({ kind }) => kind !== 'other');
  });
}

/** See `priorities` in `acts.ts`. */
export async function priorities(jira: Connection, key: IssueKey): Promise<OfIssue<readonly Option[]>> {
  const fields = await editable(jira, key);
  if (fields.state !== 'known') return fields;
  const priority = fields.value.find(({ id }) => id === 'priority');
  return { state: 'known', value: priority?.kind === 'single_select' ? priority.options : [] };
}

const issueJson = z.object({ fields: z.record(z.string(), z.unknown()) });

/**
 * See `hasEdit` in `acts.ts`. Jira answers with more of a value than it is sent, such as the name of a priority beside its id.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get
 */
export async function hasEdit(jira: Connection, key: IssueKey, { fields, labels }: Edit): Promise<OfIssue<boolean>> {
  return await ofIssue(jira, key, async () => {
    const names = [...Object.keys(fields), ...(labels === undefined ? [] : ['labels'])];
    const { status, json } = await jira.ask((client) => getIssue(client, { issueIdOrKey: key, fields: names }));
    if (status === 404) return undefined;
    const parsed = status === 200 ? issueJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    const read = parsed.data.fields;
    const { add = [], remove = [] } = labels ?? {};
    const has = new Set(Array.isArray(read.labels) ? read.labels : []);
    const isSet = Object.entries(fields).every(([name, value]) => contains(read[name], value));
    return isSet && add.every((label) => has.has(label)) && !remove.some((label) => has.has(label));
  });
}

/** Whether a value that was read is the value that was sent, possibly with more properties. */
function contains(read: unknown, sent: unknown): boolean {
  if (typeof sent !== 'object' || sent === null) return (read ?? null) === sent;
  if (Array.isArray(sent)) {
    if (!Array.isArray(read) || read.length !== sent.length) return sent.length === 0 && (read ?? null) === null;
    return sent.every((each) => read.some((other) => contains(other, each)));
  }
  if (typeof read !== 'object' || read === null) return false;
  return Object.entries(sent).every(([name, value]) => contains((read as Record<string, unknown>)[name], value));
}
