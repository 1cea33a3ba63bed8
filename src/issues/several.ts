import type { Issue } from '../issue.ts';
import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import { harmless } from '../slack/text.ts';
import { reasonOf } from './act.ts';
import { assigneeOf, isNobody } from './assignee.ts';
import type { BulkChange, Changed } from './bulk.ts';
import { priorityNamed } from './edit.ts';
import { stepNamed, stepsOf } from './moves.ts';
import { isNamed } from './transition.ts';

/** What people can do to several issues at once, with the participle for "PLAT-1 wasn’t moved." */
export const DONE = { move: 'moved', assign: 'assigned', priority: 'changed' };
export type SeveralAct = keyof typeof DONE;

/**
 * A change of several issues, as a person asked for it. `value` is the name of a status, a person, or a priority. `isAgain`: an
 * earlier attempt may have submitted it, so the issues may have the value already.
 */
export type Asked = {
  act: SeveralAct;
  issues: readonly Issue[];
  value: string;
  user: string | undefined;
  isAgain: boolean;
};

/** The issues to change, and how. `others`: the outcome for the other issues. `now`: the end of the sentence about a changed issue. */
export type Plan = {
  issues: readonly Issue[];
  others: readonly Changed[];
  change: BulkChange;
  now(key: IssueKey): Now;
};

/** The end of a sentence about one issue, and about several, such as "is now Done" and "are now Done". */
export type Now = { one: string; several: string };

/** Reads from Jira what the change needs. `because` is whole sentences that say why the change is impossible. */
export async function planFor(asked: Asked, services: Services): Promise<Plan | { because: string }> {
  const [first] = asked.issues;
  if (first === undefined) return { because: 'Choose an issue.' };
  switch (asked.act) {
    case 'move':
      return planMove(asked, services);
    case 'assign':
      return planAssign(asked, first.key, services);
    case 'priority':
      return planPriority(asked, first.key, services);
  }
}

async function planMove({ issues, value, isAgain }: Asked, services: Services): Promise<Plan | { because: string }> {
  const offered = isAgain ? undefined : await stepsOf(issues, services);
  if (offered !== undefined && 'because' in offered) return offered;
  const steps = new Map<IssueKey, string>();
  const statuses = new Map<IssueKey, string>();
  const others = issues.flatMap(({ key, id, status }): Changed[] => {
    if (offered === undefined) return [];
    const named = stepNamed(value, offered.get(key));
    if (isNamed(value, status)) return [{ key, id, state: 'done' }];
    if ('because' in named) return [{ key, state: 'undone', because: named.because }];
    steps.set(key, named.id);
    statuses.set(key, named.to.name);
    return [];
  });
  const names = new Set(statuses.values());
  const isTo = (status: string) => isNamed(value, status) || names.has(status);
  return {
    issues: isAgain ? issues : issues.filter(({ key }) => steps.has(key)),
    others,
    change: {
      what: 'status',
      send: () => services.jira.bulkTransition(steps),
      isNow: ({ status }) => isTo(status),
      isMade: (to = '') => isTo(to),
    },
    now: (key) => both(`now ${harmless(statuses.get(key) ?? value)}`),
  };
}

async function planAssign(
  { issues, value, user }: Asked,
  first: IssueKey,
  services: Services,
): Promise<Plan | { because: string }> {
  const named = user === undefined ? { words: value } : { user };
  const person = user === undefined && isNobody(value) ? null : await assigneeOf(named, first, services);
  if (person !== null && 'because' in person) return person;
  const accountId = person?.accountId ?? null;
  const name = person?.displayName;
  return {
    issues,
    others: [],
    change: {
      what: 'assignee',
      send: () => services.jira.bulkEdit(keysOf(issues), { assignee: accountId }),
      isNow: ({ assigneeId = null }) => assigneeId === accountId,
      isMade: (to) => to === name,
    },
    now: () => both(name === undefined ? 'no longer assigned to anybody' : `now assigned to ${harmless(name)}`),
  };
}

async function planPriority(
  { issues, value }: Asked,
  first: IssueKey,
  { jira }: Services,
): Promise<Plan | { because: string }> {
  const found = await priorityNamed(value, first, jira);
  if ('because' in found) return found;
  if (found.state !== 'known') return { because: reasonOf(found) };
  const { id, name } = found.value;
  return {
    issues,
    others: [],
    change: {
      what: 'priority',
      send: () => jira.bulkEdit(keysOf(issues), { priority: id }),
      isNow: ({ priority }) => priority === name,
      isMade: (to) => to === name,
    },
    now: () => ({ one: `now has the priority ${harmless(name)}`, several: `now have the priority ${harmless(name)}` }),
  };
}

function keysOf(issues: readonly Issue[]): IssueKey[] {
  return issues.map(({ key }) => key);
}

function both(words: string): Now {
  return { one: `is ${words}`, several: `are ${words}` };
}
