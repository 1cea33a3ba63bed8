import { type Deed, TRACKED } from './deed.ts';
import type { System } from './system.ts';

const STATUSES = ['Zu erledigen', 'In Arbeit', 'In Prüfung', 'Erledigt'];
/** The fields of which Maro keeps changes, and how it calls them. */
const KEPT: ReadonlyMap<string, string> = new Map([
  ['status', 'status'],
  ['summary', 'summary'],
  ['assignee', 'assignee'],
  ['priority', 'priority'],
]);

/** Somebody works in Jira on an issue that a channel tracks. What Maro knows of the issue is judged at rest. */
export function changeInJira(
  { jira }: System,
  { name, key, spelling }: { name: string; key: string; spelling: number },
): Omit<Deed, 'name'> {
  const people = ['mara', 'tobias', 'yuki'];
  const by = people[spelling % people.length];
  if (spelling % 4 === 0) jira.issues.comment(key, `A comment of ${name}`, by);
  else if (spelling % 4 === 1)
    jira.issues.edit(key, { status: STATUSES[Math.floor(spelling / 4) % STATUSES.length] ?? '' }, by);
  else if (spelling % 4 === 2) jira.issues.edit(key, { summary: `Since ${name}` }, by);
  else jira.issues.edit(key, { assignee: by ?? null }, by);
  return { done: Promise.resolve('answered'), said: () => '', judge: (system) => judgeIssue(system, key) };
}

/** Holds what Maro knows of the issue to what Jira has: its state, and each change once. */
async function judgeIssue({ jira, sql }: System, key: string): ReturnType<Deed['judge']> {
  const issue = jira.issues.find(key);
  if (issue === undefined) throw new Error(`Jira lost ${key}`);
  const [known] = await sql`
    select summary, status, assignee, changes_since from tracked_issues
    join jira_issues using (tenant_id, site, issue_id)
    where tenant_id = 'T0ACME' and channel_id = ${TRACKED} and issue_id = ${issue.id}`;
  const rows = await sql`
    select change_id from issue_changes where tenant_id = 'T0ACME' and issue_id = ${issue.id} order by change_id`;
  const since = known?.changes_since as Date | undefined;
  const changes = [
    ...issue.histories
      .filter(({ created }) => since !== undefined && created > since)
      .flatMap(({ id, items }) => items.map(({ field }) => ({ id, what: KEPT.get(field) })))
      .flatMap(({ id, what }) => (what === undefined ? [] : [`history ${id} ${what}`])),
    ...issue.comments.map(({ id }) => `comment ${id}`),
  ].sort();
  const isKnown =
    known?.summary === issue.summary &&
    known.status === issue.status.name &&
    (known.assignee ?? undefined) === issue.assignee?.displayName;
  const stored = rows.map(({ change_id }) => String(change_id)).sort();
  return isKnown && JSON.stringify(stored) === JSON.stringify(changes) ? [] : ['not as in Jira'];
}
