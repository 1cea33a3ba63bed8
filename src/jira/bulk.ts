import { z } from 'zod';
import { type IssueKey, parseKey, projectOf } from '../key.ts';
import {
  type Client,
  getAvailableTransitions,
  getBulkOperationProgress,
  submitBulkEdit,
  submitBulkTransition,
} from './api.ts';
import type { Connection } from './connection.ts';
import { line } from './parse.ts';
import { type InTrouble, inTrouble, NOT_FOUND, type OfIssue } from './reading.ts';
import { type Refused, refusedFor } from './refusal.ts';
import type { JiraResponse } from './transport.ts';
import { broken, type Unwritten } from './written.ts';

/** A change of many issues, which Jira does after it has answered. `progress` tells how far it is. */
export type Submitted = { state: 'submitted'; taskId: string } | Unwritten;

/** The new value for all the issues: the id of a priority, or the account id of an assignee (null: nobody). */
export type BulkFields = { priority?: string; assignee?: string | null };

/** A step that issues can take in bulk. It asks for no fields. */
export type BulkStep = { id: string; name: string; to: { id: string; name: string } };

/**
 * Issues of one workflow, and the steps that all of them can take in bulk. `hasOthers`: the workflow has more steps, which ask for
 * fields, or which only some of these issues can take.
 */
export type BulkSteps = { keys: readonly IssueKey[]; steps: readonly BulkStep[]; hasOthers: boolean };

/**
 * How far a change of many issues is. `done` has the ids of the issues that were changed, and `failed` why others were not,
 * by their ids. Both are empty while `isRunning`. `missing` counts issues that Jira does not show Maro.
 */
export type Progress = {
  isRunning: boolean;
  done: readonly string[];
  failed: ReadonlyMap<string, readonly string[]>;
  missing: number;
};

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/ */
const MOST_ISSUES = 1_000;
const number = z.int().transform(String);
const stepsJson = z.object({
  availableTransitions: z.array(
    z.object({
      issues: z.array(z.string()),
      isTransitionsFiltered: z.boolean().default(false),
      transitions: z.array(
        z.object({ transitionId: number, transitionName: line, to: z.object({ statusId: number, statusName: line }) }),
      ),
    }),
  ),
});
const taskId = z.string().regex(/^[\w-]{1,64}$/);
const submittedJson = z.object({ taskId });
const errorsJson = z.object({ errors: z.array(z.object({ message: line })) });
const progressJson = z.object({
  status: z.string(),
  processedAccessibleIssues: z.array(z.union([z.int(), z.string()])).default([]),
  failedAccessibleIssues: z.record(z.string(), z.array(line)).default({}),
  invalidOrInaccessibleIssueCount: z.int().default(0),
});
/** A task with another status, such as FAILED or DEAD, does not go on. */
const RUNNING = new Set(['ENQUEUED', 'RUNNING', 'CANCEL_REQUESTED']);

/** See `bulkSteps` in `acts.ts`. A page of Jira's answer has 50 workflows, and 50 issues have no more. */
export async function bulkSteps(
  jira: Connection,
  keys: readonly IssueKey[],
): Promise<{ state: 'known'; value: readonly BulkSteps[] } | InTrouble | Refused> {
  try {
    const issueIdsOrKeys = keys.join(',');
    const { status, json } = await jira.ask((client) => getAvailableTransitions(client, { issueIdsOrKeys }));
    if (status === 400) return refusedInBulk(json);
    const parsed = status === 200 ? stepsJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    const value = parsed.data.availableTransitions.map(({ issues, isTransitionsFiltered: hasOthers, transitions }) => ({
      keys: issues.flatMap((key) => parseKey(key) ?? []),
      steps: transitions.map(({ transitionId: id, transitionName: name, to }) => {
        return { id, name, to: { id: to.statusId, name: to.statusName } };
      }),
      hasOthers,
    }));
    return { state: 'known', value };
  } catch (error) {
    return inTrouble(error);
  }
}

/** See `bulkTransition` in `acts.ts`. */
export async function bulkTransition(jira: Connection, steps: ReadonlyMap<IssueKey, string>): Promise<Submitted> {
  const byTransition = Map.groupBy(steps, ([, transitionId]) => transitionId);
  const bulkTransitionInputs = [...byTransition].map(([transitionId, some]) => {
    return { transitionId, selectedIssueIdsOrKeys: some.map(([key]) => key) };
  });
  return await submit(jira, [...steps.keys()], (client) =>
    submitBulkTransition(client, { bulkTransitionInputs, sendBulkNotification: false }),
  );
}

/** See `bulkEdit` in `acts.ts`. */
export async function bulkEdit(jira: Connection, keys: readonly IssueKey[], fields: BulkFields): Promise<Submitted> {
  const { priority, assignee } = fields;
  const editedFieldsInput = {
    ...(priority !== undefined && { priority: { priorityId: priority } }),
    ...(assignee !== undefined && {
      singleSelectClearableUserPickerFields: [
        { fieldId: 'assignee', ...(assignee !== null && { user: { accountId: assignee } }) },
      ],
    }),
  };
  const selectedActions = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return await submit(jira, keys, (client) =>
    submitBulkEdit(client, {
      selectedIssueIdsOrKeys: [...keys],
      selectedActions,
      editedFieldsInput,
      sendBulkNotification: false,
    }),
  );
}

async function submit(
  jira: Connection,
  keys: readonly IssueKey[],
  question: (client: Client) => Promise<unknown>,
): Promise<Submitted> {
  if (keys.some((key) => parseKey(key) !== key)) return NOT_FOUND;
  if (keys.some((key) => !jira.allows(projectOf(key)))) return { state: 'not allowed' };
  if (keys.length > MOST_ISSUES) {
    return refusedFor({ fields: {}, messages: [`That’s ${keys.length} issues, and Jira’s limit is 1,000.`] });
  }
  let response: JiraResponse;
  try {
    response = await jira.ask(question);
  } catch (error) {
    return broken(error);
  }
  if (response.status >= 400) return refusedInBulk(response.json);
  const parsed = submittedJson.safeParse(response.json);
  return parsed.success
    ? { state: 'submitted', taskId: parsed.data.taskId }
    : { state: 'unknown', trouble: jira.unreadable() };
}

/** The refusal in a body that is no ErrorCollection. */
function refusedInBulk(json: unknown): Refused {
  const messages = errorsJson.safeParse(json).data?.errors.map(({ message }) => message) ?? [];
  return refusedFor({ fields: {}, messages });
}

/** See `bulkProgress` in `acts.ts`. */
export async function bulkProgress(jira: Connection, task: string): Promise<OfIssue<Progress>> {
  const parsedTask = taskId.safeParse(task);
  if (!parsedTask.success) return NOT_FOUND;
  try {
    const { status, json } = await jira.ask((client) => getBulkOperationProgress(client, { taskId: parsedTask.data }));
    if (status === 400 || status === 404) return NOT_FOUND;
    const parsed = status === 200 ? progressJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    const { processedAccessibleIssues, failedAccessibleIssues, invalidOrInaccessibleIssueCount } = parsed.data;
    return {
      state: 'known',
      value: {
        isRunning: RUNNING.has(parsed.data.status),
        done: processedAccessibleIssues.map(String),
        failed: new Map(Object.entries(failedAccessibleIssues)),
        missing: invalidOrInaccessibleIssueCount,
      },
    };
  } catch (error) {
    return inTrouble(error);
  }
}
