import { type Answer, json } from './answer.ts';
import { isObject, objectIn } from './body.ts';
import { changeIn } from './change.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { type Issue, visibleIssue } from './issues.ts';
import { maro } from './seed.ts';
import { jiraTime } from './time.ts';
import { transitionOne, transitionsOf } from './transitions.ts';
import { jiraUser } from './user.ts';

/** REST API v3, "Bulk edit issues" and "Bulk transition issue statuses": up to 1,000 issues. */
const mostIssues = 1_000;

/** An operation on many issues, which Jira does after it has answered. */
export type BulkTask = {
  id: string;
  at: Date;
  total: number;
  processed: string[];
  failed: Record<string, string[]>;
  /** How many of the issues are not there, or are hidden from the login. */
  inaccessible: number;
};

/** BulkOperationErrorResponse, which is no ErrorCollection. */
function refused(status: number, message: string): Answer {
  return json(status, { errors: [{ message }] });
}

function mayNot({ permissions }: Site): Answer | undefined {
  return permissions.has('BULK_CHANGE')
    ? undefined
    : refused(403, 'You do not have the permission to change issues in bulk.');
}

/**
 * GET bulk/issues/transition: by workflow, the transitions that all the issues of the workflow have and that have no screen. A
 * project has one workflow here. None without the permission to transition issues.
 */
export function bulkTransitions({ query }: Call, site: Site): Answer {
  const keys = (query.get('issueIdsOrKeys') ?? '').split(',').filter((key) => key !== '');
  const unplayed = ['startingAfter', 'endingBefore'].find((name) => query.has(name));
  if (unplayed !== undefined) return notPlayed(unplayed);
  const issues = keys.flatMap((key) => visibleIssue(key, site) ?? []);
  const refusal = mayNot(site);
  if (refusal !== undefined) return refusal;
  if (keys.length === 0 || keys.length > mostIssues || issues.length < keys.length) {
    return refused(400, 'Some of the issues in the issueIdsOrKeys are not valid');
  }
  const may = site.permissions.has('TRANSITION_ISSUES');
  const availableTransitions = [...Map.groupBy(issues, ({ project }) => project)].map(([project, some]) => {
    const all = new Set(some.flatMap(transitionsOf));
    const common = [...all].filter(
      (transition) =>
        may && transition.screen === undefined && some.every((issue) => transitionsOf(issue).includes(transition)),
    );
    return {
      issues: some.map(({ key }) => key),
      isTransitionsFiltered: common.length < all.size,
      transitions: common.map(({ id, name, to }) => ({
        transitionId: Number(id),
        transitionName: name,
        to: { statusId: Number(project.statuses.find((status) => status.name === to)?.id), statusName: to },
      })),
    };
  });
  return json(200, { availableTransitions });
}

/** POST bulk/issues/transition */
export function bulkTransition(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { bulkTransitionInputs: inputs, sendBulkNotification = true, ...others } = body.object;
  const isInput = (input: unknown) =>
    isObject(input) && isKeys(input.selectedIssueIdsOrKeys) && typeof input.transitionId === 'string';
  if (!Array.isArray(inputs) || !inputs.every(isInput) || typeof sendBulkNotification !== 'boolean') {
    return refused(400, 'Invalid request payload.');
  }
  if (Object.keys(others).length > 0) return refused(400, 'Invalid request payload.');
  const steps = (inputs as { selectedIssueIdsOrKeys: string[]; transitionId: string }[]).flatMap(
    ({ selectedIssueIdsOrKeys, transitionId }) => selectedIssueIdsOrKeys.map((key) => ({ key, transitionId })),
  );
  const ids = new Map(steps.map(({ key, transitionId }) => [key, transitionId]));
  return (
    mayNot(site) ??
    submit([...ids.keys()], site, (issue, key) => {
      const refusal = transitionOne(issue, ids.get(key) ?? '', { fields: {}, update: {} }, site);
      return refusal && [...refusal.errorMessages, ...Object.values(refusal.errors)];
    })
  );
}

/** POST bulk/issues/fields: the priority and the assignee. */
export function bulkEdit(call: Call, site: Site): Answer {
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { selectedIssueIdsOrKeys: keys, selectedActions: actions, editedFieldsInput: input, ...others } = body.object;
  const { sendBulkNotification = true, ...unknown } = others;
  if (!isKeys(keys) || !isKeys(actions) || !isObject(input) || typeof sendBulkNotification !== 'boolean') {
    return refused(400, 'Invalid request payload.');
  }
  const fields = fieldsIn(input);
  if (fields === undefined || Object.keys(unknown).length > 0) return refused(400, 'Invalid request payload.');
  if (actions.toSorted().join() !== Object.keys(fields).toSorted().join()) {
    return refused(400, 'The selected actions are not the edited fields.');
  }
  // REST API v3 has no 403 here.
  if (mayNot(site) !== undefined) return refused(400, 'You do not have the permission to change issues in bulk.');
  return submit(keys, site, (issue) => {
    const screen = site.permissions.has('EDIT_ISSUES')
      ? { priority: 'optional' as const, assignee: 'optional' as const }
      : {};
    const changed = changeIn({ fields, update: {} }, screen, issue, site);
    if ('errors' in changed) return Object.values(changed.errors);
    site.issues.edit(issue.id, changed.change, 'maro');
    return undefined;
  });
}

/** JiraIssueFields, as the fields of an edit; undefined for what the stand-in does not play. */
function fieldsIn(input: Record<string, unknown>): Record<string, unknown> | undefined {
  const { priority, singleSelectClearableUserPickerFields: people = [], ...others } = input;
  if (Object.keys(others).length > 0 || !Array.isArray(people)) return undefined;
  const [person] = people as { fieldId?: unknown; user?: { accountId?: unknown } | null }[];
  if (people.length > 1 || (person && person.fieldId !== 'assignee')) return undefined;
  return {
    ...(isObject(priority) && { priority: { id: priority.priorityId } }),
    ...(person && { assignee: person.user ? { accountId: person.user.accountId } : null }),
  };
}

function isKeys(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** Does the work at once, and tells of it when somebody asks for the task. `work` returns why Jira does not do it. */
function submit(keys: string[], site: Site, work: (issue: Issue, key: string) => string[] | undefined): Answer {
  if (keys.length === 0 || keys.length > mostIssues)
    return refused(400, `From 1 to ${mostIssues} issues may be given.`);
  const at = new Date(site.now());
  const id = String(10_000 + site.bulkTasks.length);
  const task: BulkTask = { id, at, total: keys.length, processed: [], failed: {}, inaccessible: 0 };
  for (const key of keys) {
    const issue = visibleIssue(key, site);
    const reasons = issue && work(issue, key);
    if (issue === undefined) task.inaccessible += 1;
    else if (reasons === undefined) task.processed.push(issue.id);
    else task.failed[issue.id] = reasons;
  }
  site.bulkTasks.push(task);
  return json(201, { taskId: id });
}

/** GET bulk/queue/{taskId}: while a task runs, Jira does not say what of it is done. */
export function bulkProgress(call: Call, site: Site): Answer {
  const task = site.bulkTasks.find(({ id }) => id === call.idOrKey);
  if (task === undefined) return refused(400, 'There is no such task.');
  const { id: taskId, at, total, processed, failed, inaccessible } = task;
  const isRunning = site.now() - at.getTime() < site.bulkMs;
  const time = jiraTime(at);
  return json(200, {
    taskId,
    status: isRunning ? 'RUNNING' : 'COMPLETE',
    progressPercent: isRunning ? 50 : 100,
    submittedBy: jiraUser(maro, site.rest),
    ...{ created: time, started: time, updated: time },
    ...(!isRunning && {
      totalIssueCount: total,
      processedAccessibleIssues: processed.map(Number),
      failedAccessibleIssues: failed,
      invalidOrInaccessibleIssueCount: inaccessible,
    }),
  });
}
