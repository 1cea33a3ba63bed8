import { setTimeout as sleep } from 'node:timers/promises';
import { adfText } from '../../sandbox/jira/adf.ts';
import type { Issue } from '../../sandbox/jira/index.ts';
import { maro } from '../../sandbox/jira/seed.ts';
import type { Wrong } from './deed.ts';
import type { System } from './system.ts';

type Asked = { name: string; key: string; spelling: number };

/** What people do to an issue through Maro: how they ask for it, and how often Maro has done it. */
export type Act = {
  /** The command, without its first word. */
  command: string;
  /** The function that a step of a workflow calls, and its inputs. */
  step: string;
  inputs: Readonly<Record<string, string>>;
  times(issue: Issue): number;
};

/** Statuses as people type them, with the only status from which Jira offers them, if there is one. */
const MOVES = [
  { words: 'Erledigt', to: 'Erledigt' },
  { words: 'anfangen', to: 'In Arbeit' },
  { words: 'In Prüfung', to: 'In Prüfung', from: 'In Arbeit' },
] as const;

export function moveOf({ key, spelling }: Asked, { jira }: System): Act & { to: string } {
  const { words, to, ...rest } = MOVES[spelling % MOVES.length] ?? MOVES[0];
  if ('from' in rest) jira.issues.edit(key, { status: rest.from }, 'mara');
  return {
    to,
    command: `move ${key} ${words}`,
    step: 'transition_issue',
    inputs: { issue_key: key, status: words },
    times: (issue) => changesByMaro(issue, 'status'),
  };
}

export function assignmentOf({ key }: Asked): Act {
  return {
    command: `assign ${key} Mara Lindqvist`,
    step: 'assign_issue',
    inputs: { issue_key: key, assignee: 'Mara Lindqvist' },
    times: (issue) => changesByMaro(issue, 'assignee'),
  };
}

export function editOf({ key, name }: Asked): Act {
  return {
    command: `priority ${key} Highest`,
    step: 'update_issue',
    inputs: { issue_key: key, priority: 'Highest', add_labels: name.replace(' ', '-') },
    times: (issue) => changesByMaro(issue, 'priority'),
  };
}

export function commentOf({ key, name }: Asked): Act {
  const text = `Said in ${name}.`;
  return {
    command: `comment ${key} ${text}`,
    step: 'comment_issue',
    inputs: { issue_key: key, comment: text },
    times: ({ comments }) => comments.filter(({ body }) => adfText(body).includes(text)).length,
  };
}

export function watchOf({ key }: Asked, { jira }: System): Act {
  const account = jira.people.ada?.accountId ?? '';
  const times = ({ watchers }: Issue) => watchers.filter((each) => each === account).length;
  return { command: `watch ${key}`, step: '', inputs: {}, times };
}

function changesByMaro({ histories }: Issue, what: string): number {
  return histories.filter(
    ({ author, items }) => author?.accountId === maro.accountId && items.some(({ field }) => field === what),
  ).length;
}

/** What happens to the issue meanwhile, if the spelling says so: it is deleted, hidden from Maro, or changed by another person. */
export async function meanwhile({ jira }: System, { key, spelling }: Asked): Promise<void> {
  await sleep(spelling % 700);
  if (spelling % 7 === 0) jira.issues.remove(key);
  if (spelling % 7 === 1) jira.issues.forbid(key);
  if (spelling % 7 === 2) jira.issues.edit(key, { status: 'Warten auf Kunde', summary: 'Of somebody else' }, 'tobias');
}

/** The issue, which stays known after it is deleted. */
export function issueOf({ jira }: System, key: string): Issue {
  const issue = jira.issues.find(key);
  if (issue === undefined) throw new Error(`Jira has no ${key}`);
  return issue;
}

/** Compares what Maro shows of an issue with what Jira has. */
export async function judgeKnown({ jira, sql }: System, issue: Issue): Promise<Wrong['what'][]> {
  // No list shows this issue any more, so Maro does not keep it up to date.
  if (jira.issues.find(issue.id) === undefined || issue.forbidden || issue.status.category === 'done') return [];
  const [known] = await sql`
    select status, assignee, priority from jira_issues where tenant_id = 'T0ACME' and issue_id = ${issue.id}`;
  const { status, assignee, priority } = issue;
  const now = { status: status.name, assignee: assignee?.displayName ?? null, priority };
  return known === undefined || JSON.stringify({ ...known }) === JSON.stringify(now) ? [] : ['not as in Jira'];
}
