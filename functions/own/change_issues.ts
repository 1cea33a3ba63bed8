import { type Inputs, nothing, type Result, slackFunction } from '../../src/function.ts';
import type { Issue } from '../../src/issue.ts';
import { reasonOf } from '../../src/issues/act.ts';
import { type Changed, changeOnce, isSubmitted } from '../../src/issues/bulk.ts';
import { nowOf } from '../../src/issues/now.ts';
import { DONE, type Now, planFor } from '../../src/issues/several.ts';
import { known } from '../../src/jira/reading.ts';
import { type IssueKey, parseKeys } from '../../src/key.ts';
import { errorName } from '../../src/log.ts';
import { changedCount, changedLines, type NowOf } from '../../src/messages/several.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

/** The most issues that are changed at once. */
export const MOST_CHANGED = 50;

const declaration = DefineFunction({
  callback_id: 'change_issues',
  title: 'Change several Jira issues',
  description: 'Move or assign several issues, or set their priority.',
  source_file: 'functions/own/change_issues.ts',
  input_parameters: {
    properties: {
      issue_keys: { type: Schema.types.string, title: 'Issues' },
      act: { type: Schema.types.string, title: 'Change', enum: ['move', 'assign', 'priority'] as const },
      value: { type: Schema.types.string, title: 'Status, name, or priority' },
      assignee_id: { type: Schema.slack.types.user_id, title: 'Person' },
    },
    required: ['issue_keys', 'act'],
  },
  output_parameters: {
    properties: {
      changed: { type: Schema.types.integer, title: 'Changed', description: 'How many issues have the value.' },
      answer: { type: Schema.types.string, title: 'Answer', description: 'What became of each issue.' },
      summary: { type: Schema.types.string, title: 'Summary', description: 'How many issues were changed.' },
    },
    required: ['changed'],
  },
});

/** This is not a step. Maro's own forms and commands run it. */
export const ChangeIssues = slackFunction(declaration, changeIssues);

/**
 * Changes up to 50 issues with one submission to Jira. Other calls read the issues before and after, read the values that they can
 * get, and ask for the progress.
 */
async function changeIssues(
  { issue_keys, act, value = '', assignee_id: user }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { services } = context;
  const done = DONE[act];
  const keys = [...new Set(parseKeys(issue_keys).flatMap(({ key }) => key ?? []))];
  if (keys.length === 0) return nothing(done, 'Choose an issue.');
  if (keys.length > MOST_CHANGED)
    return nothing(done, `You chose ${keys.length} issues, and the limit is ${MOST_CHANGED}.`);
  const isAgain = await isSubmitted(context);
  const unread = (key: IssueKey, because: string): Changed =>
    isAgain ? { key, state: 'unknown' } : { key, state: 'undone', because };
  const issues: Issue[] = [];
  const others: Changed[] = [];
  for (const [key, reading] of await services.jira.read(keys)) {
    if (reading.state === 'shown') issues.push(reading.issue);
    else others.push(unread(key, reasonOf(reading)));
  }
  const plan = issues.length === 0 ? undefined : await planFor({ act, issues, value, user, isAgain }, services);
  if (plan === undefined) return answer(others, done);
  if ('because' in plan) return answer([...issues.map(({ key }) => unread(key, plan.because)), ...others], done);
  others.push(...plan.others);
  const ended = plan.issues.length === 0 ? [] : await changeOnce(plan.issues, plan.change, context);
  const changed =
    'because' in ended
      ? plan.issues.map(({ key }): Changed => ({ key, state: 'undone', because: ended.because }))
      : ended;
  await storeChanged(changed, context);
  const isRefused = 'because' in ended || ended.length === 0;
  return answer(inOrder([...changed, ...others], issues), done, { now: plan.now, isRefused });
}

/** The end of the sentence about a changed issue, when no issue was changed. */
const NOTHING: Now = { one: '', several: '' };

/** Sorts by outcome, changed issues first, and then in the order of `issues`. */
function inOrder(changed: readonly Changed[], issues: readonly Issue[]): Changed[] {
  const place = new Map(issues.map(({ key }, index) => [key, index]));
  const of = ({ key }: Changed) => place.get(key) ?? issues.length;
  return changed.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || of(a) - of(b));
}

const STATES = ['done', 'undone', 'unknown'];

/** The outcome for the issues. It is an error if certainly nothing was changed and Jira took no task. Then a form can be sent again. */
function answer(
  changed: readonly Changed[],
  done: string,
  { now = () => NOTHING, isRefused = true }: { now?: NowOf; isRefused?: boolean } = {},
): Result<typeof declaration, undefined> {
  const lines = changedLines(changed, done, now);
  if (isRefused && changed.every(({ state }) => state === 'undone')) return { error: lines, detail: undefined };
  const count = changed.filter(({ state }) => state === 'done').length;
  return { outputs: { changed: count, answer: lines, summary: changedCount(changed, done) }, detail: undefined };
}

/**
 * Reads the changed issues and stores them, so that lists and boards show them at once. If this fails, the sync stores them within
 * a minute.
 */
async function storeChanged(changed: readonly Changed[], { tenant, operation, services }: Context): Promise<void> {
  const { jira, tracker, log } = services;
  const ids = changed.flatMap((each) => (each.state === 'done' ? each.id : []));
  const site = ids.length === 0 ? undefined : await known(jira.siteId());
  if (site?.state !== 'known') return;
  const { issues } = nowOf(await jira.readIds(ids));
  const from = { kind: 'state' as const };
  await tracker.update({ tenant, site: site.value, issues, gone: [], changes: [], from }).catch((error: unknown) => {
    log.warn({ operation, error: errorName(error) }, 'changed issues were not stored');
  });
}
