import { randomUUID } from 'node:crypto';
import type { KindOfChange } from '../change.ts';
import type { Issue } from '../issue.ts';
import type { Progress, Submitted } from '../jira/bulk.ts';
import { known } from '../jira/reading.ts';
import type { IssueKey } from '../key.ts';
import type { CreateResult } from '../ledger/creates.ts';
import { LeaseLost } from '../ledger/lease.ts';
import type { Context } from '../services.ts';
import { harmless } from '../slack/text.ts';
import { reasonOf, sinceOf } from './act.ts';
import { keep } from './keep.ts';
import { looks } from './looks.ts';

/** An issue in a change of several issues. */
export type InBulk = { key: IssueKey; id: string };

/**
 * A change of several issues. `send` submits it to Jira, with one call. `isNow` tells whether an issue has the new value, and
 * `isMade` whether a change in its history has set it.
 */
export type BulkChange = {
  what: KindOfChange;
  send(): Promise<Submitted>;
  isNow(issue: Issue): boolean;
  isMade(to: string | undefined): boolean;
};

/** The outcome for one issue. `undone`: it was certainly not changed; `because` is whole sentences. `unknown`: Maro cannot tell. */
export type Changed = { key: IssueKey } & (
  | { state: 'done'; id: string }
  | { state: 'undone'; because: string }
  | { state: 'unknown' }
);

/** Jira lets only accounts with this global permission change several issues at once. */
export const MAY_NOT_CHANGE_SEVERAL =
  'Jira doesn’t let Maro change several issues at once. Ask your Maro admin to give Maro’s Jira account the global permission “Make bulk changes”.';
const NO_REASON = 'Jira gave no reason.';
const NOT_SENT = 'Jira wasn’t asked for this change. Try again.';
const GONE = 'There’s no such issue, or Maro can’t see it.';

/**
 * Submits a change of several issues to Jira, once for each operation. The ledger stores that Maro is about to submit it, and then
 * the id of Jira's task, so another attempt follows that task and submits nothing again. If Jira's answer to the submission is
 * lost, the issues and their histories show what was done. Takes one call to submit, one each time Maro asks for the progress, and
 * two to look at issues and their histories.
 * @returns the outcome for each issue; `because` is whole sentences that say why Jira refused the whole change.
 * @throws {DatabaseTrouble} before anything is sent.
 * @throws {LeaseLost} when another process may have taken over the run.
 */
export async function changeOnce(
  issues: readonly InBulk[],
  change: BulkChange,
  context: Context,
): Promise<readonly Changed[] | { because: string }> {
  const { operation, lease, services } = context;
  const since = sinceOf(context);
  const look = (some: readonly InBulk[]) => changedAmong(some, change, since, context);
  if (!lease.holds()) throw new LeaseLost();
  const standing = await services.creates.begin(operation, randomUUID());
  if (standing.state === 'refused') return { because: standing.reason };
  if (standing.state === 'created') return follow(taskIn(standing.created), issues, look, context);
  if (standing.state !== 'ours') {
    return lookOften(issues, performance.now() - (standing.state === 'sending' ? standing.ageMs : 0), look, context);
  }
  const sentAt = performance.now();
  const submitted = await change.send();
  if (submitted.state === 'unknown') return lookOften(issues, sentAt, look, context);
  if (submitted.state === 'submitted') {
    const created = issues.map(({ key }) => ({ id: submitted.taskId, key }));
    await keep(operation, { state: 'created', created }, undefined, context);
    return follow(taskIn(created), issues, look, context);
  }
  const isForbidden = submitted.state === 'failed' && submitted.trouble.kind === 'forbidden';
  const reason = isForbidden ? MAY_NOT_CHANGE_SEVERAL : reasonOf(submitted);
  await keep(operation, { state: 'refused', reason }, undefined, context);
  return { because: reason };
}

/** Whether an earlier attempt of this operation may have submitted its change. One statement, and none for a first attempt. */
export async function isSubmitted({ earlier, operation, services }: Context): Promise<boolean> {
  const standing = earlier === undefined ? undefined : await services.creates.find(operation);
  return standing !== undefined && standing.state !== 'refused';
}

/** Jira's task, and the keys of the issues that were sent. */
type Task = { id: string; sent: ReadonlySet<string> };

function taskIn(created: readonly CreateResult[]): Task {
  const issues = created.flatMap((each) => ('id' in each ? each : []));
  const [first] = issues;
  if (first === undefined) throw new Error('a change of several issues is one task');
  return { id: first.id, sent: new Set(issues.map(({ key }) => key)) };
}

/** The ids of the changed issues, and of all issues that Jira shows. Undefined if Jira cannot be asked. */
type Looked = { changed: ReadonlySet<string>; shown: ReadonlySet<string> } | undefined;
type Look = (issues: readonly InBulk[]) => Promise<Looked>;

/**
 * Waits until Jira's task ends. An earlier attempt may have sent only some of the issues. @returns the outcome for each issue.
 */
async function follow(
  task: Task,
  issues: readonly InBulk[],
  look: Look,
  { lease, services: { jira } }: Context,
): Promise<readonly Changed[]> {
  let ended: Progress | undefined;
  for await (const _ of looks(performance.now(), jira.tasksAfterMs)) {
    if (!lease.holds()) throw new LeaseLost();
    const progress = await jira.bulkProgress(task.id);
    if (progress.state === 'known' && !progress.value.isRunning) ended = progress.value;
    if (ended !== undefined || progress.state === 'not found') break;
  }
  const done = new Set(ended?.done);
  const isOpen = ({ id }: InBulk) => !done.has(id) && ended?.failed.has(id) !== true;
  const open = issues.filter(isOpen);
  const looked = open.length === 0 ? undefined : await look(open);
  return issues.map((issue): Changed => {
    const { key, id } = issue;
    const reasons = ended?.failed.get(id);
    if (done.has(id) || looked?.changed.has(id)) return { key, state: 'done', id };
    if (reasons !== undefined) return { key, state: 'undone', because: harmless(sentences(reasons) || NO_REASON) };
    if (ended !== undefined && !task.sent.has(key)) return { key, state: 'undone', because: NOT_SENT };
    if (ended === undefined || looked === undefined) return { key, state: 'unknown' };
    return { key, state: 'undone', because: looked.shown.has(id) ? NO_REASON : GONE };
  });
}

function sentences(reasons: readonly string[]): string {
  return reasons.map((words) => (/[.!?…。]$/u.test(words) ? words : `${words}.`)).join(' ');
}

/** Looks in Jira at each time in `jira.looksAfterMs`, until all the issues are changed. */
async function lookOften(
  issues: readonly InBulk[],
  sentAt: number,
  look: Look,
  { services: { jira } }: Context,
): Promise<readonly Changed[]> {
  let changed: ReadonlySet<string> = new Set();
  for await (const _ of looks(sentAt, jira.looksAfterMs)) {
    changed = (await look(issues))?.changed ?? changed;
    if (issues.every(({ id }) => changed.has(id))) break;
  }
  return issues.map(({ key, id }): Changed => {
    return changed.has(id) ? { key, state: 'done', id } : { key, state: 'unknown' };
  });
}

/** Finds the issues that have the new value now, or that got it from Maro after `since`. Two calls to Jira. */
async function changedAmong(
  issues: readonly InBulk[],
  { what, isNow, isMade }: BulkChange,
  since: number,
  { services: { jira } }: Context,
): Promise<Looked> {
  const read = await known(jira.changedByIds(issues.map(({ id }) => id)));
  if (read.state === 'trouble') return undefined;
  const isOurs = (change: (typeof read.value)[number]['changes'][number]) =>
    change.what === what && change.byMaro && change.at.getTime() >= since && isMade(change.to);
  const changed = read.value.filter(({ issue, changes }) => isNow(issue) || changes.some(isOurs));
  return {
    changed: new Set(changed.map(({ issue }) => issue.id)),
    shown: new Set(read.value.map(({ issue }) => issue.id)),
  };
}
